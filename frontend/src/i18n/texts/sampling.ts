const en = {
  notSampled: "Not sampled",
  notSampledText:
    "This search was not recorded. OTEL_TRACES_SAMPLER sets the share of searches that the server records.",
  serverNotSampled: "The server did not sample this search. Only the browser’s spans are shown.",
};

const ja: typeof en = {
  notSampled: "サンプリング対象外",
  notSampledText:
    "この検索は記録されていません。サーバーが記録する検索の割合は OTEL_TRACES_SAMPLER で設定します。",
  serverNotSampled:
    "サーバーはこの検索をサンプリングしませんでした。ブラウザーのスパンだけを表示しています。",
};

export const samplingTexts = { en, ja };
