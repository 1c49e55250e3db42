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

test.each<[string, [string, number, number][], (string | null)[]]>([
  ["CHAPTER I\n\nIt rained.", [["CHAPTER I", 1, 0]], ["CHAPTER I", null]],
  [
    "CHAPTER 1\n\n\nLoomings.\n\nCall me Ishmael.",
    [["CHAPTER 1. Loomings", 1, 0]],
    ["CHAPTER 1. Loomings", "CHAPTER 1. Loomings", null],
  ],
  [
    "Actus Primus. Scoena Prima.\n\nEnter Barnardo.",
    [
      ["Actus Primus", 1, 0],
      ["Scoena Prima", 2, 14],
    ],
    ["Actus Primus", null],
  ],
  ["1:1 In the beginning\n\n1:2 And the earth", [["Genesis 1", 2, 0]], [null, null]],
  ["* * *\n\nText", [["I", 1, 0]], [null, null]],
])("headings are told from text: %j", (text, headings, expected) => {
  const contents = contentsOf(headings.map(([title, level, start]) => ({ title, level, start })));
  const found = blocksOf(text).map((block) => headingOf(contents, block)?.title ?? null);
  expect(found).toEqual(expected);
});
