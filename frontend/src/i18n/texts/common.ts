const en = {
  appName: "Gutenberg Explorer",
  skipToContent: "Skip to content",
  navigation: "Main",
  navSearch: "Search",
  navLibrary: "Library",
  navTraces: "Traces",
  language: "Language",
  footer: "Full-text search in public-domain books. Every search is one trace.",
  theme: "Appearance",
  themes: { system: "System", light: "Light", dark: "Dark" },
  unnamed: "(no name)",
  loading: "Loading…",
  loadFailed: "Loading failed",
  failedTitle: "This page cannot be shown",
  failedText:
    "The page may be older than the server. Reload it. If that does not help, go back to the search.",
  waitsText: "The server is not responding. The page continues automatically when it is back.",
  reload: "Reload the page",
  goSearch: "Go to search",
  notFoundTitle: "Page not found",
  notFoundText: "There is no page at this address.",
};

const ja: typeof en = {
  appName: "Gutenberg Explorer",
  skipToContent: "本文へ移動",
  navigation: "メイン",
  navSearch: "検索",
  navLibrary: "蔵書",
  navTraces: "トレース",
  language: "言語",
  footer: "パブリックドメインの本を全文検索します。検索は一回ごとに一つのトレースになります。",
  theme: "外観",
  themes: { system: "システム", light: "ライト", dark: "ダーク" },
  unnamed: "（名前なし）",
  loading: "読み込み中…",
  loadFailed: "読み込めませんでした",
  failedTitle: "このページを表示できません",
  failedText:
    "ページがサーバーより古い可能性があります。再読み込みしても解決しない場合は、検索に戻ってください。",
  waitsText: "サーバーが応答していません。復旧すると自動的に再開します。",
  reload: "ページを再読み込み",
  goSearch: "検索へ",
  notFoundTitle: "ページが見つかりません",
  notFoundText: "このアドレスにページはありません。",
};

export const commonTexts = { en, ja };
