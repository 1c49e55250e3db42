const en = {
  appName: "Gutenberg Explorer",
  skipToContent: "Skip to content",
  navigation: "Main",
  navSearch: "Search",
  navLibrary: "Library",
  navTraces: "Traces",
  language: "Language",
  footer: "Books in the public domain, searched word by word. Every search is one trace.",
  theme: "Appearance",
  themes: { system: "System", light: "Light", dark: "Dark" },
  loading: "Loading…",
  loadFailed: "This could not be loaded",
  failedTitle: "This page cannot be shown",
  failedText:
    "It may be older than the server. Load it again; if that does not help, go back to the search.",
  waitsText: "The server does not answer just now. The page goes on by itself once it does.",
  reload: "Reload the page",
  goSearch: "Go to search",
  notFoundTitle: "This page is not on our shelves",
  notFoundText: "The address leads nowhere. The books are still all here.",
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
  loading: "読み込み中…",
  loadFailed: "読み込めませんでした",
  failedTitle: "このページを表示できません",
  failedText:
    "ページがサーバーより古い可能性があります。再読み込みしても解決しない場合は、検索に戻ってください。",
  waitsText: "サーバーが応答していません。復旧すると自動的に再開します。",
  reload: "ページを再読み込み",
  goSearch: "検索へ",
  notFoundTitle: "ページが見つかりません",
  notFoundText: "アドレスが間違っているか、ページが移動した可能性があります。",
};

export const commonTexts = { en, ja };
