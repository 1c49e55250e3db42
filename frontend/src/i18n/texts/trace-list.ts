import { plural, quoted } from "../english";
import { isolated } from "../isolate";

const traces = (count: number, shown: string) =>
  `${shown} ${plural(count, { one: "trace", other: "traces" })}`;
const withErrors = (count: number, shown: string) =>
  count === 0 ? "" : `, ${shown} with ${plural(count, { one: "an error", other: "errors" })}`;

const en = {
  title: "Traces",
  text: "Traces of searches, page requests and start-ups, stored on this server.",
  refresh: "Refresh",
  live: "Live update",
  liveFailed: (pause: string) =>
    `Live update cannot reach the server. It tries again every ${pause}.`,

  filters: "Filter the traces",
  service: "Service",
  allServices: "All services",
  operation: "Operation",
  allOperations: "All operations",
  within: "Started",
  lookbacks: {
    "15m": "In the last 15 minutes",
    "1h": "In the last hour",
    "1d": "In the last day",
    "": "At any time",
  },
  min: "At least (ms)",
  max: "Less than (ms)",
  onlyErrors: "Only with errors",
  apply: "Apply",
  reset: "Reset filters",

  found: traces,
  foundShown: (count: number, found: string, shown: string) =>
    `${traces(count, found)}, ${shown} shown`,
  percentiles: (median: string, p95: string) => `Median ${median}, 95th percentile ${p95}.`,
  histogram: "Durations",
  histogramHint: "Select a bar to show only its traces.",
  bar: (from: string, to: string) => `${from} to ${to}`,
  barTraces: (count: number, shown: string, failed: number, failedShown: string) =>
    traces(count, shown) + withErrors(failed, failedShown),
  barChosen: "selected; select it again to show all durations",

  table: "Traces",
  columnCompare: "Compare",
  columnTrace: "Trace",
  columnServices: "Services",
  columnSpans: "Spans",
  columnStarted: "Started",
  columnDuration: "Duration",
  query: quoted,
  spans: (count: number, shown: string) =>
    `${shown} ${plural(count, { one: "span", other: "spans" })}`,
  errors: (count: number, shown: string) =>
    `${shown} ${plural(count, { one: "error", other: "errors" })}`,
  showMore: "Show more",
  showMoreFailed: "The next traces could not be loaded.",
  arrived: (count: number, shown: string) =>
    `${shown} new ${plural(count, { one: "trace", other: "traces" })}`,

  emptyTitle: "No traces yet",
  emptyText:
    "Each search creates one trace, from the click to the last snippet. Run a search, and its trace appears here.",
  nothingTitle: "No trace matches",
  nothingText: "No stored trace matches all filters.",
  storeOffTitle: "Traces are stored elsewhere",
  storeOffText:
    "This server does not store traces. It sends them to the configured OpenTelemetry endpoint. Look for them there.",
};

const ja: typeof en = {
  title: "トレース",
  text: "このサーバーに保存されたトレースです（検索、ページへのリクエスト、起動）。",
  refresh: "更新",
  live: "ライブ更新",
  liveFailed: (pause) => `ライブ更新がサーバーに接続できません。${pause}ごとに再試行します。`,

  filters: "トレースの絞り込み",
  service: "サービス",
  allServices: "すべてのサービス",
  operation: "オペレーション",
  allOperations: "すべてのオペレーション",
  within: "開始日時",
  lookbacks: {
    "15m": "過去 15 分以内",
    "1h": "過去 1 時間以内",
    "1d": "過去 1 日以内",
    "": "すべての期間",
  },
  min: "最短（ms 以上）",
  max: "最長（ms 未満）",
  onlyErrors: "エラーありのみ",
  apply: "適用",
  reset: "絞り込みを解除",

  found: (_, shown) => `トレース ${shown} 件`,
  foundShown: (_, found, shown) => `トレース ${found} 件中 ${shown} 件を表示`,
  percentiles: (median, p95) => `中央値 ${median}、95 パーセンタイル ${p95}`,
  histogram: "所要時間の分布",
  histogramHint: "棒を選ぶと、その範囲のトレースだけを表示します。",
  bar: (from, to) => `${from} 以上 ${to} 未満`,
  barTraces: (_, shown, failed, failedShown) =>
    `トレース ${shown} 件${failed === 0 ? "" : `（うちエラーあり ${failedShown} 件）`}`,
  barChosen: "選択中。もう一度選ぶとすべての所要時間を表示します",

  table: "トレース一覧",
  columnCompare: "比較",
  columnTrace: "トレース",
  columnServices: "サービス",
  columnSpans: "スパン数",
  columnStarted: "開始",
  columnDuration: "所要時間",
  query: (query) => `「${isolated(query)}」`,
  spans: (_, shown) => `${shown} スパン`,
  errors: (_, shown) => `エラー ${shown} 件`,
  showMore: "さらに表示",
  showMoreFailed: "続きのトレースを読み込めませんでした。",
  arrived: (_, shown) => `新しいトレース ${shown} 件`,

  emptyTitle: "トレースはまだありません",
  emptyText:
    "検索するたびに、クリックから最後の抜粋までが 1 つのトレースになり、ここに表示されます。",
  nothingTitle: "該当するトレースがありません",
  nothingText: "絞り込みの条件をすべて満たすトレースは保存されていません。",
  storeOffTitle: "トレースは別の場所に保存されています",
  storeOffText:
    "このサーバーはトレースを保存せず、設定された OpenTelemetry エンドポイントへ送信しています。送信先をご覧ください。",
};

export const traceListTexts = { en, ja };
