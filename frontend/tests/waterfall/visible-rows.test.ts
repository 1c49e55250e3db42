import { expect, test } from "vitest";
import { drawnRows, FIRST_ROWS, rowsInWindow } from "../../src/waterfall/visible-rows";

const COUNT = 5000;
const ROW = 28;
const height = COUNT * ROW;

test.each([300, 0, -1000, -70_000, -(height - 900)])(
  "from %d px on the window is filled",
  (top) => {
    const { first, last } = rowsInWindow({ top, height }, COUNT, 900);
    const seen = { first: Math.max(-top / ROW, 0), last: Math.min((900 - top) / ROW, COUNT) };
    expect(first).toBeLessThanOrEqual(seen.first);
    expect(last).toBeGreaterThanOrEqual(seen.last);
    expect(last - first).toBeLessThan(100);
  },
);

test("scrolling by a row mostly draws nothing anew", () => {
  const ranges = new Set<string>();
  for (let row = 0; row < 80; row++) {
    const range = rowsInWindow({ top: -1000 - row * ROW, height }, COUNT, 900);
    ranges.add(JSON.stringify(range));
  }
  expect(ranges.size).toBeLessThanOrEqual(21);
});

test("a list that is not laid out yet has its first rows", () => {
  expect(rowsInWindow({ top: 0, height: 0 }, COUNT, 900)).toEqual(FIRST_ROWS);
  expect(drawnRows(FIRST_ROWS, 3, 0)).toEqual([0, 1, 2]);
});

test("a list that is far outside of the window draws nothing but the row that is kept", () => {
  const below = rowsInWindow({ top: 50_000, height }, COUNT, 900);
  expect(drawnRows(below, COUNT, 7)).toEqual([7]);
  const above = rowsInWindow({ top: -height - 50_000, height }, COUNT, 900);
  expect(drawnRows(above, COUNT, 7)).toEqual([7]);
});

test("the kept row stands before, among or after the others", () => {
  const range = { first: 10, last: 13 };
  expect(drawnRows(range, COUNT, 2)).toEqual([2, 10, 11, 12]);
  expect(drawnRows(range, COUNT, 11)).toEqual([10, 11, 12]);
  expect(drawnRows(range, COUNT, 400)).toEqual([10, 11, 12, 400]);
  expect(drawnRows(range, 5, 7)).toEqual([]);
});
