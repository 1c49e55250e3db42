import { expect, test } from "vitest";
import { en } from "../../src/i18n/en";
import { ja } from "../../src/i18n/ja";
import { loadMessages } from "../../src/i18n/messages";

const keys = Object.keys(en) as (keyof typeof en)[];

test("both languages have the same texts, and none is empty", () => {
  expect(Object.keys(ja).sort()).toEqual([...keys].sort());
  for (const texts of [en, ja]) {
    for (const key of keys) expect(texts[key], key).toBeTruthy();
  }
});

test("Japanese is Japanese", () => {
  const sameInBoth = new Set(["appName", "examples"]);
  for (const key of keys) {
    const text = ja[key];
    if (typeof text === "string" && !sameInBoth.has(key)) {
      expect(text, key).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u);
    }
  }
});

test("plurals", () => {
  expect(en.found(10, "10", "love")).toBe("10 books for “love”");
  expect(en.found(1, "1", "whale")).toBe("1 book for “whale”");
  expect(ja.found(10, "10", "love")).toBe("「love」の検索結果：10 冊");
});

test("a language is loaded by its name", async () => {
  expect(await loadMessages("en")).toBe(en);
  expect(await loadMessages("ja")).toBe(ja);
});
