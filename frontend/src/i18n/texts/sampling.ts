const en = {
  notSampled: "Not sampled",
  notSampledText:
    "This search was not recorded: the server keeps traces of a share of all searches, or of none. OTEL_TRACES_SAMPLER says how many.",
  serverNotSampled:
    "The server did not sample this search: the spans here are the browser’s alone.",
};

const ja: typeof en = {
  notSampled: "サンプリング対象外",
  notSampledText:
    "この検索は記録されていません。このサーバーは検索の一部だけをトレースとして記録するか、まったく記録しない設定です（OTEL_TRACES_SAMPLER）。",
  serverNotSampled:
    "サーバーはこの検索をサンプリングしませんでした。ここにあるのはブラウザーのスパンだけです。",
};

export const samplingTexts = { en, ja };
