const en = {
  previous: "Previous",
  next: "Next",
  pageOf: (page: string, pages: string) => `Page ${page} of ${pages}`,
};

const ja: typeof en = {
  previous: "前へ",
  next: "次へ",
  pageOf: (page, pages) => `${page} / ${pages} ページ`,
};

export const pagerTexts = { en, ja };
