import { expect, test } from "vitest";
import { quoted } from "../../src/i18n/english";
import { isolated } from "../../src/i18n/isolate";
import { resultsTexts } from "../../src/i18n/texts/results";

test("text of one direction stays as it is", () => {
  for (const text of ["", "love", "naïve café", "雪国", "Война и мир"]) {
    expect(isolated(text)).toBe(text);
  }
});

test.each(["حب", "love حب", "אהבה 18", "a\u200fb"])("%j stands between isolates", (text) => {
  expect(isolated(text)).toBe(`\u2068${text}\u2069`);
});

test("a text can't turn what follows it around", () => {
  expect(isolated("GET \u202e/live")).toBe("GET /live");
  expect(isolated("\u2069\u202eחב")).toBe("\u2068חב\u2069");
});

test("queries are isolated in sentences of every language", () => {
  expect(quoted("حب")).toBe("“\u2068حب\u2069”");
  for (const texts of [resultsTexts.en, resultsTexts.ja]) {
    expect(texts.found(2, "2", "حب")).toContain("\u2068حب\u2069");
    expect(texts.nothingTitle("حب")).toContain("\u2068حب\u2069");
  }
});
