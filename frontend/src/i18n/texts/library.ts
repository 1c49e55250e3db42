import { books } from "../english";

const en = {
  libraryTitle: "Library",
  libraryText: (count: number, shown: string) =>
    `${books(count, shown)}. A search covers all of them.`,
  foundText: (count: number, shown: string) => `${books(count, shown)} found.`,
  tableTitle: "Books",
  tools: "Filter and sort the books",
  sort: "Sort by",
  view: "View",
  views: { covers: "Covers", list: "List" },
  columnTitle: "Title",
  columnAuthor: "Author",
  columnYear: "Year",
  columnWords: "Words",
  unknownAuthor: "Unknown author",
  filterTitle: "Words in the title",
  filterAuthor: "Author’s name",
  filter: "Filter",
  clear: "Show all books",
  noneTitle: "No books found",
  noneText: "No book in the library has these words in its title or its author’s name.",
  pages: "Pages of the library",
};

const ja: typeof en = {
  libraryTitle: "蔵書",
  libraryText: (_, shown) => `検索の対象は ${shown} 冊です。`,
  foundText: (_, shown) => `該当する本：${shown} 冊`,
  tableTitle: "本",
  tools: "本の絞り込みと表示",
  sort: "並び順",
  view: "表示形式",
  views: { covers: "表紙", list: "一覧" },
  columnTitle: "書名",
  columnAuthor: "著者",
  columnYear: "刊行年",
  columnWords: "語数",
  unknownAuthor: "著者不詳",
  filterTitle: "書名に含まれる語",
  filterAuthor: "著者名",
  filter: "絞り込む",
  clear: "すべての本を表示",
  noneTitle: "該当する本がありません",
  noneText: "書名や著者名にこの語を含む本は蔵書にありません。",
  pages: "蔵書のページ",
};

export const libraryTexts = { en, ja };
