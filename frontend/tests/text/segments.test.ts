import { expect, test } from "vitest";
import { lengthOf, segments } from "../../src/text/segments";

type Pair = [number, number];
const ranges = (pairs: Pair[]) => pairs.map(([start, end]) => ({ start, end }));
const highlighted = (text: string, ...highlights: Pair[]) =>
  segments(text, { highlights: ranges(highlights) })
    .map((part) => (part.highlighted ? `[${part.text}]` : part.text))
    .join("");

test("highlights are cut out of the text", () => {
  expect(highlighted("all is love, love", [7, 11], [13, 17])).toBe("all is [love], [love]");
  expect(highlighted("love", [0, 4])).toBe("[love]");
  expect(highlighted("plain")).toBe("plain");
  expect(highlighted("")).toBe("");
});

test("ranges count code points, also where a character takes two units", () => {
  expect(highlighted("𝔏ove 🐋 whale", [7, 12])).toBe("𝔏ove 🐋 [whale]");
  expect(highlighted("a 🐋 b", [2, 3])).toBe("a [🐋] b");
  expect(lengthOf("𝔏ove 🐋")).toBe(6);
});

test("disorder, overlap and overshoot lose no text", () => {
  expect(highlighted("abcdef", [4, 6], [0, 2])).toBe("[ab]cd[ef]");
  expect(highlighted("abcdef", [0, 3], [2, 5]).replaceAll("][", "")).toBe("[abcde]f");
  expect(highlighted("abc", [2, 9])).toBe("ab[c]");
  expect(highlighted("abc", [-4, 1])).toBe("[a]bc");
});

test("words between underscores are in italics, without them", () => {
  const shown = segments("Between _them_ it was, snake_case_ not.", {});
  expect(shown.map(({ text }) => text).join("")).toBe("Between them it was, snake_case_ not.");
  expect(shown.filter(({ emphasised }) => emphasised).map(({ text }) => text)).toEqual(["them"]);
});

test("highlights stay on their words beside italics, targets and what is hidden", () => {
  const parts = segments("  _my_ whale", {
    highlights: ranges([[7, 12]]),
    target: ranges([[3, 8]]),
    hidden: ranges([[0, 2]]),
  });
  expect(parts).toEqual([
    { text: "my", highlighted: false, emphasised: true, targeted: true },
    { text: " ", highlighted: false, emphasised: false, targeted: true },
    { text: "w", highlighted: true, emphasised: false, targeted: true },
    { text: "hale", highlighted: true, emphasised: false, targeted: false },
  ]);
});
