import { plural } from "../english";

const en = {
  columnTrace: "Trace",
  traceId: "Trace ID",
  spans: (count: number, shown: string) =>
    `${shown} ${plural(count, { one: "span", other: "spans" })}`,
  errors: (count: number, shown: string) =>
    `${shown} ${plural(count, { one: "error", other: "errors" })}`,
  services: "Services",
  backToTraces: "All traces",
  openIn: (name: string) => `Open in ${name}`,
  newTab: "(opens in a new tab)",

  storeOffTitle: "Traces are stored elsewhere",
  storeOffText:
    "This server does not store traces. It sends them to the configured OpenTelemetry endpoint. Look up the trace there by its ID.",
  traceNotFoundTitle: "Trace not found",
  traceNotFoundText: "The trace store has no spans of this trace. Possible reasons:",
  traceNotFoundReasons: {
    late: "It has not arrived yet. Spans take a few seconds to arrive, or longer if the sender is offline.",
    dropped: "It was deleted. The store deletes the oldest traces to make room for new ones.",
    notSampled:
      "It was not recorded. OTEL_TRACES_SAMPLER sets the share of traces that are recorded.",
    elsewhere: "It was sent elsewhere. This store has only the traces that were sent to it.",
  },

  expandAll: "Expand all",
  collapseAll: "Collapse all",
  criticalPath: "Critical path",
  missingParent: "Missing parent",
  missingParents: (count: number, shown: string) =>
    plural(count, {
      one: "One parent span has not arrived. Its children are shown under a placeholder.",
      other: `${shown} parent spans have not arrived. Their children are shown under placeholders.`,
    }),
  clockSkew: (count: number, shown: string) =>
    plural(count, {
      one: "Clock skew: one part of the trace was shifted to fit inside the span that called it.",
      other: `Clock skew: ${shown} parts of the trace were shifted to fit inside the spans that called them.`,
    }),
  zoomed: (time: string, from: string) => `Showing ${time} of the trace, starting at ${from}.`,
  zoomWhole: "Show the whole trace",

  find: "Find spans",
  findHint: "name, service, key=value",
  found: (count: number, shown: string) =>
    `${shown} ${plural(count, { one: "match", other: "matches" })}`,
  foundAt: (at: string, shown: string) => `${at} of ${shown}`,
  previousMatch: "Previous match",
  nextMatch: "Next match",

  copyOtlp: "Copy as OTLP JSON",
  copying: "Copying…",
  copied: "The trace was copied to the clipboard.",
  downloaded: "The clipboard is not available. The trace was downloaded instead.",
  copyFailed: "The trace could not be loaded.",
};

const ja: typeof en = {
  columnTrace: "トレース",
  traceId: "トレース ID",
  spans: (_, shown) => `${shown} スパン`,
  errors: (_, shown) => `エラー ${shown} 件`,
  services: "サービス",
  backToTraces: "トレース一覧",
  openIn: (name) => `${name} で開く`,
  newTab: "（新しいタブで開きます）",

  storeOffTitle: "トレースは別の場所に保存されています",
  storeOffText:
    "このサーバーはトレースを保存せず、設定された OpenTelemetry エンドポイントへ送信しています。送信先でトレース ID を検索してください。",
  traceNotFoundTitle: "トレースが見つかりません",
  traceNotFoundText:
    "トレースストアにこのトレースのスパンがありません。次のいずれかが考えられます。",
  traceNotFoundReasons: {
    late: "まだ届いていません。スパンが届くまでに数秒かかります。送信元がオフラインの場合はさらに遅れます。",
    dropped: "削除されました。ストアは新しいトレースのために古いトレースから削除します。",
    notSampled: "記録されていません。記録するトレースの割合は OTEL_TRACES_SAMPLER で設定します。",
    elsewhere: "別の場所へ送信されました。このストアには、ここへ送信されたトレースだけがあります。",
  },

  expandAll: "すべて展開",
  collapseAll: "すべて折りたたむ",
  criticalPath: "クリティカルパス",
  missingParent: "親スパンなし",
  missingParents: (_, shown) =>
    `親スパンが ${shown} 件届いていません。その子スパンは仮の親の下に表示しています。`,
  clockSkew: (_, shown) =>
    `時計のずれを補正するため、トレースの ${shown} か所を呼び出し元のスパンに収まるように移動しました。`,
  zoomed: (time, from) => `トレースの ${from} 以降の ${time} を表示しています。`,
  zoomWhole: "全体を表示",

  find: "スパンを検索",
  findHint: "名前、サービス、キー=値",
  found: (_, shown) => `${shown} 件一致`,
  foundAt: (at, shown) => `${shown} 件中 ${at} 件目`,
  previousMatch: "前の一致へ",
  nextMatch: "次の一致へ",

  copyOtlp: "OTLP JSON としてコピー",
  copying: "コピーしています…",
  copied: "トレースをクリップボードにコピーしました。",
  downloaded: "クリップボードを使えないため、ファイルとしてダウンロードしました。",
  copyFailed: "トレースを読み込めませんでした。",
};

export const traceTexts = { en, ja };
