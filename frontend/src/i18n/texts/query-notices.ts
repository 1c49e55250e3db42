const en = {
  didYouMean: "Did you mean",
  searched_literally: "Part of the query has invalid syntax. It was searched as plain words.",
  prefix_too_short: "A prefix such as “harpoon*” needs more letters.",
};

const ja: typeof en = {
  didYouMean: "もしかして：",
  searched_literally: "検索式の一部を解釈できなかったため、普通の単語として検索しました。",
  prefix_too_short: "「harpoon*」のような前方一致には、もう少し文字数が必要です。",
};

export const queryNoticesTexts = { en, ja };
