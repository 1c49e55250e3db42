import { expect, test } from "vitest";
import type { BookHits } from "../../src/api/books";
import { endingAfter } from "../../src/reader/use-page-hits";

const hit = (start: number, end: number) => ({ start, end, text: "", highlights: [] });

test("a hit that begins on the page before is a hit of this page too", () => {
  const found: BookHits = {
    id: "b",
    query: "q",
    total_passages: 9,
    first_ordinal: 4,
    hits: [hit(50, 60), hit(80, 100), hit(100, 120), hit(130, 140)],
    did_you_mean: null,
    notices: [],
    partial: false,
    trace_id: "",
  };
  const { first_ordinal, hits } = endingAfter(110, found);
  expect(first_ordinal).toBe(6);
  expect(hits.map(({ start }) => start)).toEqual([100, 130]);
  expect(endingAfter(50, found)).toEqual(found);
});
