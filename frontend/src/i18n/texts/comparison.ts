import { plural } from "../english";

const en = {
  title: "Two traces compared",
  compareWith: "Compare with…",
  bar: "Traces to compare",
  choose: "Choose another trace to compare this one with:",
  chosen: "Compare these traces:",
  compare: "Compare",
  remove: (trace: string) => `Remove ${trace}`,
  selectTrace: (trace: string) => `Select ${trace} to compare`,

  first: "First trace",
  second: "Second trace",
  swap: "Swap",
  other: "Choose another",
  took: "Duration",
  spans: "Spans",
  errors: "Errors",
  started: "Started",
  slower: (difference: string, ratio: string) =>
    `The second trace took ${difference} longer (${ratio}).`,
  faster: (difference: string, ratio: string) =>
    `The second trace was ${difference} faster (${ratio}).`,
  same: "Both traces took the same time.",
  nothingShared:
    "The traces have no spans in common: neither contains the root operation of the other.",

  table: "Spans of both traces",
  columnSpan: "Span",
  columnFirst: "First",
  columnSecond: "Second",
  columnDifference: "Difference",
  treeOrder: "Trace order",
  differenceOrder: "Largest difference first",
  times: (count: string, mean: string) => `${count} × ${mean} on average`,
  onlyFirst: "only in the first",
  onlySecond: "only in the second",
  failed: (count: number, shown: string) =>
    `${shown} ${plural(count, { one: "error", other: "errors" })}`,
  level: (level: string) => `Level ${level}: `,
  missingParent: "Missing parent",
  total: "Whole trace",

  notFoundTitle: "Trace not found",
  notFoundText: (id: string) =>
    `Trace ${id} is not stored on this server. It may not have arrived yet, or it was deleted to make room for newer traces.`,
  all: "All traces",
};

const ja: typeof en = {
  title: "2 つのトレースの比較",
  compareWith: "ほかのトレースと比較…",
  bar: "比較するトレース",
  choose: "比較する相手のトレースを選んでください：",
  chosen: "比較するトレース：",
  compare: "比較する",
  remove: (trace) => `${trace} を外す`,
  selectTrace: (trace) => `${trace} を比較対象に選ぶ`,

  first: "1 つ目のトレース",
  second: "2 つ目のトレース",
  swap: "入れ替える",
  other: "別のトレースを選ぶ",
  took: "所要時間",
  spans: "スパン数",
  errors: "エラー",
  started: "開始日時",
  slower: (difference, ratio) => `2 つ目のほうが ${difference} 長くかかりました（${ratio}）。`,
  faster: (difference, ratio) => `2 つ目のほうが ${difference} 短く済みました（${ratio}）。`,
  same: "所要時間は同じです。",
  nothingShared:
    "共通するスパンがありません。どちらのルートのオペレーションも他方に含まれていません。",

  table: "両方のトレースのスパン",
  columnSpan: "スパン",
  columnFirst: "1 つ目",
  columnSecond: "2 つ目",
  columnDifference: "差",
  treeOrder: "トレースの順",
  differenceOrder: "差の大きい順",
  times: (count, mean) => `${count} 回、平均 ${mean}`,
  onlyFirst: "1 つ目のみ",
  onlySecond: "2 つ目のみ",
  failed: (_, shown) => `エラー ${shown} 件`,
  level: (level) => `階層 ${level}：`,
  missingParent: "親スパンなし",
  total: "トレース全体",

  notFoundTitle: "トレースが見つかりません",
  notFoundText: (id) =>
    `トレース ${id} はこのサーバーに保存されていません。まだ届いていないか、新しいトレースのために削除された可能性があります。`,
  all: "トレース一覧",
};

export const comparisonTexts = { en, ja };
