import { expect, test } from "vitest";
import { excerpt } from "../../src/reader/excerpt";

const passage = (text: string, mark: string) => {
  const start = Array.from(text.slice(0, text.indexOf(mark))).length;
  return {
    start: 0,
    end: text.length,
    text,
    highlights: [{ start, end: start + Array.from(mark).length }],
  };
};
const LONG = "Call me Ishmael, some years ago. ".repeat(8);

test("a short passage stays whole, on one line", () => {
  expect(excerpt(passage("a white\nwhale", "whale")).text).toBe("a white whale");
});

test.each([
  ["at the beginning", `WHALE ${LONG}`],
  ["in the middle", `${LONG}the 🐋 WHALE ${LONG}`],
  ["at the end", `${LONG}WHALE`],
])("a long one is cut around its mark %s", (_, text) => {
  const cut = excerpt(passage(text, "WHALE"));
  const points = Array.from(cut.text);
  const [mark] = cut.highlights;
  expect(points.slice(mark?.start, mark?.end).join("")).toBe("WHALE");
  expect(points.length).toBeLessThan(200);
  // Cut between words: without the dots, it is a piece of the passage, words and all.
  expect(` ${text} `).toContain(` ${cut.text.replaceAll("…", "").trim()} `);
});
