const en = {
  panelTitle: "Trace of this search",
  openTrace: "Open trace",
  showWaterfall: "Show the waterfall",
  hideWaterfall: "Hide the waterfall",
  collectingSpans: "TracePanelPlaceholder spans…",
  totalTime: "Total",
  timeSplit: "Where the time went",
  partBrowser: "Browser",
  partNetwork: "Network",
  partServer: "Server",
  partSearch: "Search",
  traceLateTitle: "The trace has not arrived",
  traceLateText: "The search worked, but its spans did not reach the trace store within 5 seconds.",
  tracePartial: "Some spans of this search have not arrived yet.",
  traceFailed: "The trace could not be loaded.",
};

const ja: typeof en = {
  panelTitle: "この検索のトレース",
  openTrace: "トレースを開く",
  showWaterfall: "ウォーターフォールを表示",
  hideWaterfall: "ウォーターフォールを隠す",
  collectingSpans: "スパンを収集しています…",
  totalTime: "合計",
  timeSplit: "所要時間の内訳",
  partBrowser: "ブラウザー",
  partNetwork: "ネットワーク",
  partServer: "サーバー",
  partSearch: "検索",
  traceLateTitle: "トレースがまだ届いていません",
  traceLateText: "検索は成功しましたが、スパンが 5 秒以内にトレースストアへ届きませんでした。",
  tracePartial: "この検索のスパンの一部がまだ届いていません。",
  traceFailed: "トレースを読み込めませんでした。",
};

export const tracePanelTexts = { en, ja };
