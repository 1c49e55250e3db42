const en = {
  didYouMean: "Did you mean",
  searched_literally: "Part of the query has invalid syntax. It was searched as plain words.",
  prefix_too_short: "A prefix such as “harpoon*” needs more letters.",
  partial:
    "This search was too expensive to complete. Results may be missing. Use fewer words, or less common ones.",
};

const ja: typeof en = {
  didYouMean: "もしかして：",
  searched_literally: "検索式の一部を解釈できなかったため、普通の単語として検索しました。",
  prefix_too_short: "「harpoon*」のような前方一致には、もう少し文字数が必要です。",
  partial:
    "検索の負荷が大きいため、途中で打ち切りました。結果の一部が欠けている可能性があります。語を減らすか、あまり一般的でない語を使ってください。",
};

export const queryNoticesTexts = { en, ja };
