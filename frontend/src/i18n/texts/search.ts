const en = {
  searchTitle: "Search",
  searchLabel: "Search the books",
  searchButton: "Search",
  searchPlaceholder: "Words, or a “phrase”",
  welcomeTitle: "Search inside the great books",
  welcomeText:
    "Full-text search in books from Project Gutenberg. Each search is one distributed trace: beside the passages that it found, you see where its time went.",
  tryOne: "Examples:",
  examples: ["white whale", '"to be or not to be"', "love -war", "conscience"],
};

const ja: typeof en = {
  searchTitle: "検索",
  searchLabel: "本の中を検索",
  searchButton: "検索",
  searchPlaceholder: "英語の単語またはフレーズ",
  welcomeTitle: "名著の中を検索する",
  welcomeText:
    "Project Gutenberg の本を全文検索します。検索は 1 回ごとに 1 つの分散トレースになります。見つかった一節の横に、どこに時間がかかったかを表示します。",
  tryOne: "検索例：",
  examples: en.examples,
};

export const searchTexts = { en, ja };
