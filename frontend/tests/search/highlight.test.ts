import { expect, test } from "vitest";
import { segments } from "../../src/search/highlight";

const marked = (text: string, ...ranges: [number, number][]) =>
  segments({ text, highlights: ranges.map(([start, end]) => ({ start, end })) })
    .map((part) => (part.marked ? `[${part.text}]` : part.text))
    .join("");

test("highlights are cut out of the text", () => {
  expect(marked("all is love, love", [7, 11], [13, 17])).toBe("all is [love], [love]");
  expect(marked("love", [0, 4])).toBe("[love]");
  expect(marked("plain")).toBe("plain");
  expect(marked("")).toBe("");
});

test("ranges count code points, also where a character takes two units", () => {
  expect(marked("𝔏ove 🐋 whale", [7, 12])).toBe("𝔏ove 🐋 [whale]");
  expect(marked("a 🐋 b", [2, 3])).toBe("a [🐋] b");
});

test("disorder, overlap and overshoot lose no text", () => {
  expect(marked("abcdef", [4, 6], [0, 2])).toBe("[ab]cd[ef]");
  expect(marked("abcdef", [0, 3], [2, 5])).toBe("[abc][de]f");
  expect(marked("abc", [2, 9])).toBe("ab[c]");
});
