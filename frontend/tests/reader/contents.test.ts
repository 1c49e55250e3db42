import { expect, test } from "vitest";
import { chapterAt, contentsOf, headingOf, pathOf } from "../../src/reader/contents";
import { blocksOf } from "../../src/text/blocks";

const CONTENTS = contentsOf([
  { title: "VOLUME I", level: 1, start: 10 },
  { title: "CHAPTER I", level: 2, start: 20 },
  { title: "CHAPTER II", level: 2, start: 50 },
  { title: "VOLUME II", level: 1, start: 90 },
]);

test("headings become a tree", () => {
  expect(CONTENTS.chapters.map(({ title }) => title)).toEqual(["VOLUME I", "VOLUME II"]);
  expect(CONTENTS.chapters[0]?.children.map(({ title }) => title)).toEqual([
    "CHAPTER I",
    "CHAPTER II",
  ]);
});

test("a deeper heading may come first", () => {
  const { chapters } = contentsOf([
    { title: "Preface", level: 3, start: 0 },
    { title: "Part", level: 1, start: 5 },
    { title: "Chapter", level: 3, start: 9 },
  ]);
  expect(chapters.map(({ title }) => title)).toEqual(["Preface", "Part"]);
  expect(chapters[1]?.children.map(({ title }) => title)).toEqual(["Chapter"]);
});

test.each([
  [0, []],
  [10, ["VOLUME I"]],
  [20, ["VOLUME I", "CHAPTER I"]],
  [49, ["VOLUME I", "CHAPTER I"]],
  [1000, ["VOLUME II"]],
])("the chapter of place %i", (position, path) => {
  expect(pathOf(chapterAt(CONTENTS, position)).map(({ title }) => title)).toEqual(path);
});

test("a heading is told from text that a chapter begins with", () => {
  const contents = contentsOf([
    { title: "Chapter I. Loomings", level: 1, start: 0 },
    { title: "Genesis 1", level: 1, start: 23 },
  ]);
  const [heading, verse] = blocksOf("CHAPTER I.\n\n\nLoomings\n\n1:1 In the beginning");
  expect(heading && headingOf(contents, heading)?.title).toBe("Chapter I. Loomings");
  expect(verse && headingOf(contents, { ...verse, start: 23, end: 43 })).toBeNull();
});
