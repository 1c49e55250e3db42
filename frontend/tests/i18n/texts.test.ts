import { expect, test } from "vitest";
import type { Language } from "../../src/i18n/language";
import { commonTexts } from "../../src/i18n/texts/common";
import { comparisonTexts } from "../../src/i18n/texts/comparison";
import { errorsTexts } from "../../src/i18n/texts/errors";
import { libraryTexts } from "../../src/i18n/texts/library";
import { pagerTexts } from "../../src/i18n/texts/pager";
import { problemTexts } from "../../src/i18n/texts/problems";
import { queryNoticesTexts } from "../../src/i18n/texts/query-notices";
import { readerTexts } from "../../src/i18n/texts/reader";
import { resultsTexts } from "../../src/i18n/texts/results";
import { samplingTexts } from "../../src/i18n/texts/sampling";
import { searchTexts } from "../../src/i18n/texts/search";
import { spanDetailsTexts } from "../../src/i18n/texts/span-details";
import { traceTexts } from "../../src/i18n/texts/trace";
import { traceListTexts } from "../../src/i18n/texts/trace-list";
import { tracePanelTexts } from "../../src/i18n/texts/trace-panel";
import { waterfallTexts } from "../../src/i18n/texts/waterfall";

const PARTS: Record<string, Record<Language, object>> = {
  common: commonTexts,
  comparison: comparisonTexts,
  errors: errorsTexts,
  library: libraryTexts,
  pager: pagerTexts,
  problems: problemTexts,
  "query-notices": queryNoticesTexts,
  reader: readerTexts,
  results: resultsTexts,
  sampling: samplingTexts,
  search: searchTexts,
  "span-details": spanDetailsTexts,
  trace: traceTexts,
  "trace-list": traceListTexts,
  "trace-panel": tracePanelTexts,
  waterfall: waterfallTexts,
};
/** Queries, names and frames without a word of their own. */
const SAME_IN_BOTH = new Set(["appName", "examples", "filter", "query"]);

test("every part is known here", () => {
  const files = import.meta.glob("../../src/i18n/texts/*.ts");
  const names = Object.keys(files).map((path) => path.replace(/.*\/|\.ts$/g, ""));
  expect(names.sort()).toEqual(Object.keys(PARTS));
});

test.each(Object.entries(PARTS))("%s: both languages have the same texts", (_, { en, ja }) => {
  expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
  for (const texts of [en, ja]) {
    for (const [key, text] of Object.entries(texts)) expect(text, key).toBeTruthy();
  }
});

test.each(Object.entries(PARTS))("%s: Japanese is Japanese", (_, { ja }) => {
  for (const [key, text] of Object.entries(ja)) {
    // Texts with parameters are filled in with what is not Japanese.
    const shown = typeof text === "function" ? text("1", "1", "1") : text;
    if (typeof shown !== "string" || SAME_IN_BOTH.has(key)) continue;
    expect(shown, key).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u);
  }
});

test("plurals and quotation marks", () => {
  expect(resultsTexts.en.found(10, "10", "love")).toBe("10 books for “love”");
  expect(resultsTexts.en.found(1, "1", "whale")).toBe("1 book for “whale”");
  expect(resultsTexts.ja.found(10, "10", "love")).toBe("「love」の検索結果：10 冊");
  expect(resultsTexts.en.found(2, "2", '"white whale"')).toBe('2 books for "white whale"');
  expect(readerTexts.en.foundPassages(1, "1", "whale")).toBe("1 passage with “whale”");
});
