import { expect, test } from "vitest";
import { blocksOf } from "../../src/text/blocks";
import { segments } from "../../src/text/segments";

const PROSE = `Emma Woodhouse, handsome, clever, and rich, with a comfortable home
and happy disposition, seemed to unite some of the best blessings
of existence; and had lived nearly twenty-one years in the world
with very little to distress or vex her.`;

const VERSE = ` Piping down the valleys wild,
   Piping songs of pleasant glee,
 On a cloud I saw a child,
   And he laughing said to me:`;

const PLAY = `  Fran. For this releefe much thankes: 'Tis bitter cold,
And I am sicke at heart

   Barn. Haue you had quiet Guard?
  Fran. Not a Mouse stirring`;

/** A poem with lines so long that nearly all of them fill the page. */
const LONG_LINES = `The Mississippian and Arkansian yet with me, and I yet with any,
Yet upon the plains west of the spinal river, yet in my house of adobe,
Yet returning eastward, yet in the Seaside State or in Maryland,
Yet Kanadian cheerily braving the winter, the snow and ice welcome to me,`;

const verses = (text: string) => blocksOf(text).map(({ verse }) => verse);

test("prose is reflowed, verse and plays keep their lines", () => {
  expect(verses(PROSE)).toEqual([false]);
  expect(verses(VERSE)).toEqual([true]);
  expect(verses(PLAY)).toEqual([true, true]);
  expect(verses(LONG_LINES)).toEqual([true]);
});

test("a poem in a novel keeps its lines, and the novel does not", () => {
  expect(verses([PROSE, VERSE, PROSE].join("\n\n"))).toEqual([false, true, false]);
});

test("a short answer in a novel is prose", () => {
  expect(verses(`${PROSE}\n\n"No," said\nhe.\n\n${PROSE}`)).toEqual([false, false, false]);
});

test("blocks tell their places in the book, counted in code points", () => {
  const text = `\n\n🐋 one\ntwo\n \n  three 𝔏  \n\n`;
  const blocks = blocksOf(text, 100);
  expect(blocks.map(({ start, end }) => [start, end])).toEqual([
    [102, 111],
    [116, 123],
  ]);
  for (const block of blocks) {
    const points = Array.from(text).slice(block.start - 100, block.end - 100);
    expect(points.join("")).toBe(block.text);
  }
});

test("the margin that all lines of verse share is not shown", () => {
  const [block] = blocksOf(VERSE);
  const shown = segments(block?.text ?? "", { hidden: block?.margin ?? [] });
  expect(block?.indent).toBe(0);
  expect(
    shown
      .map(({ text }) => text)
      .join("")
      .split("\n"),
  ).toEqual([
    "Piping down the valleys wild,",
    "  Piping songs of pleasant glee,",
    "On a cloud I saw a child,",
    "  And he laughing said to me:",
  ]);
});

test("white space alone is no block", () => {
  expect(blocksOf(" \n\n \t\n")).toEqual([]);
  expect(blocksOf("")).toEqual([]);
});
