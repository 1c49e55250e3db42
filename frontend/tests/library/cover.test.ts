import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CLOTHS, coverOf, DESIGNS } from "../../src/library/cover";

const css = readFileSync(new URL("../../src/styles/cover.css", import.meta.url), "utf8");

test("a book always has the same cover, and an author's books the same cloth", () => {
  const emma = coverOf("austen-emma", "Emma", "Jane Austen");
  expect(coverOf("austen-emma", "Emma", "Jane Austen")).toEqual(emma);
  expect(coverOf("austen-persuasion", "Persuasion", "Jane Austen").cloth).toBe(emma.cloth);
});

test("every cloth and every design is used, and is there", () => {
  const covers = Array.from({ length: 500 }, (_, n) => coverOf(`book-${n}`, "A Title", null));
  const used = (of: "cloth" | "design") => [...new Set(covers.map((each) => each[of]))].toSorted();
  expect(used("cloth")).toEqual(Array.from({ length: CLOTHS }, (_, n) => n));
  expect(used("design")).toEqual(Array.from({ length: DESIGNS }, (_, n) => n));
  for (let n = 0; n < CLOTHS; n++) expect(css).toContain(`--cloth-${n}:`);
  for (let n = 0; n < DESIGNS; n++) expect(css).toContain(`.design-${n} `);
});

test("the longer a title and its words, the smaller it is set, within bounds", () => {
  const size = (title: string) => coverOf("id", title, null).titleSize;
  expect(size("Emma")).toBe(17);
  expect(size("Alice's Adventures in Wonderland")).toBeLessThan(size("The Man Who Was Thursday"));
  for (const title of ["", "x".repeat(400), "word ".repeat(80)]) {
    expect(size(title)).toBeGreaterThanOrEqual(6);
    expect(size(title)).toBeLessThanOrEqual(17);
  }
});
