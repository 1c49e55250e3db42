const en = {
  searchTitle: "Search",
  searchLabel: "Search the books",
  searchButton: "Search",
  searchPlaceholder: "Words, or a “phrase”",
  welcomeTitle: "Search inside the great books",
  welcomeText:
    "Every search reads whole books from Project Gutenberg, and becomes one distributed trace: you see the passages it found and, beside them, where its time went.",
  tryOne: "Try one:",
  examples: ["white whale", '"to be or not to be"', "love -war", "conscience"],
};

const ja: typeof en = {
  searchTitle: "検索",
  searchLabel: "本の中を検索",
  searchButton: "検索",
  searchPlaceholder: "英語の単語またはフレーズ",
  welcomeTitle: "名著の中を検索する",
  welcomeText:
    "Project Gutenberg の本を丸ごと全文検索します。検索は一回ごとに一つの分散トレースになり、見つかった一節の横で、どこに時間がかかったかを確かめられます。",
  tryOne: "検索例：",
  examples: en.examples,
};

export const searchTexts = { en, ja };
