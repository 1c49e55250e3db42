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
  cycle: (count: number, shown: string, name: string) =>
    plural(count, {
      one: `A span is its own parent. This circle (a cycle) is cut at ${name}.`,
      other: `The parents of ${shown} spans form a circle (a cycle). It is cut at ${name}.`,
    }),
  cycles: (shown: string, name: string) =>
    `The parents of some spans form ${shown} circles (cycles). Each is cut at one span, the first at ${name}.`,
  clockSkew: (count: number, shown: string, farthest: string) =>
    plural(count, {
      one: `A server span lies outside the client span that called it, by ${farthest}. The clocks of the two processes may differ.`,
      other: `${shown} server spans lie outside the client spans that called them, by up to ${farthest}. The clocks of the processes may differ.`,
    }),
  clocksCorrected: (count: number, shown: string, farthest: string) =>
    plural(count, {
      one: `A server span was moved by ${farthest} into the client span that called it. Its descendants in the same process moved with it.`,
      other: `${shown} server spans were moved by up to ${farthest} into the client spans that called them. Their descendants in the same process moved with them.`,
    }),
  longerServers: (count: number, shown: string) =>
    plural(count, {
      one: "One is longer than its client span. It can only start at the same time.",
      other: `${shown} are longer than their client spans. They can only start at the same time.`,
    }),
  correctClocks: "Correct the clocks",
  traceFull: (count: number, shown: string) =>
    `${shown} more ${plural(count, { one: "span was", other: "spans were" })} not stored, because this trace is full.`,
  conflictingSpans: (count: number, shown: string) =>
    plural(count, {
      one: "One span was not stored, because a different span with the same ID arrived first.",
      other: `${shown} spans were not stored, because different spans with the same IDs arrived first.`,
    }),
  unreadableSpans: (count: number, shown: string) =>
    `${shown} ${plural(count, { one: "span", other: "spans" })} of this trace cannot be read from the trace store.`,
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
  cycle: (count, shown, name) =>
    count === 1
      ? `自分自身を親とするスパンがあります（循環）。循環を ${name} で切って表示しています。`
      : `${shown} 件のスパンの親子関係が循環しています。循環を ${name} で切って表示しています。`,
  cycles: (shown, name) =>
    `スパンの親子関係に循環が ${shown} 個あります。それぞれ 1 か所で切って表示しています（最初は ${name}）。`,
  clockSkew: (count, shown, farthest) =>
    count === 1
      ? `サーバースパンが、呼び出し元のクライアントスパンから ${farthest} はみ出しています。プロセス間で時計がずれている可能性があります。`
      : `サーバースパン ${shown} 件が、呼び出し元のクライアントスパンから最大 ${farthest} はみ出しています。プロセス間で時計がずれている可能性があります。`,
  clocksCorrected: (count, shown, farthest) =>
    count === 1
      ? `サーバースパンを ${farthest} 移動し、呼び出し元のクライアントスパンに収めました。同じプロセスの子孫スパンも一緒に移動しました。`
      : `サーバースパン ${shown} 件を最大 ${farthest} 移動し、呼び出し元のクライアントスパンに収めました。同じプロセスの子孫スパンも一緒に移動しました。`,
  longerServers: (_, shown) =>
    `うち ${shown} 件はクライアントスパンより長いため、開始時刻だけをそろえます。`,
  correctClocks: "時計のずれを補正",
  traceFull: (_, shown) =>
    `このトレースは上限に達しているため、ほかに ${shown} 件のスパンは保存されませんでした。`,
  conflictingSpans: (_, shown) =>
    `同じ ID で内容の異なるスパンが先に届いていたため、${shown} 件のスパンは保存されませんでした。`,
  unreadableSpans: (_, shown) =>
    `このトレースのスパン ${shown} 件をトレースストアから読み出せません。`,
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
