import { beforeEach, expect, test, vi } from "vitest";
import { type BookHits, fetchHits } from "../../src/api/books";
import type { TextRange } from "../../src/api/search";
import type { BookPage } from "../../src/reader/pages";
import { stepperOf } from "../../src/reader/stepper";

vi.mock("../../src/api/books");

const page: BookPage = {
  number: 2,
  pages: 3,
  start: 100,
  end: 200,
  blocks: [],
};
const hit = (start: number) => ({ start, end: start + 10, text: "", highlights: [] });
const answer = (first_ordinal: number, ...starts: number[]): BookHits => ({
  id: "b",
  query: "q",
  total_passages: 5,
  first_ordinal,
  hits: starts.map(hit),
  did_you_mean: null,
  notices: [],
  partial: false,
  trace_id: "",
});
const onGo = vi.fn<(to: TextRange) => void>();
const stepper = (at?: TextRange) =>
  stepperOf({ book: "b", q: "q", at, page, hits: answer(2, 110, 150), onGo });

beforeEach(() => {
  onGo.mockReset();
  vi.mocked(fetchHits).mockReset();
});

test("hits of the page are known already", () => {
  expect(stepper(hit(110))?.ordinal).toBe(2);
  stepper(hit(110))?.next?.();
  expect(onGo).toHaveBeenLastCalledWith(hit(150));
  stepper(hit(150))?.previous?.();
  expect(onGo).toHaveBeenLastCalledWith(hit(110));
  expect(fetchHits).not.toHaveBeenCalled();
});

test("hits of other pages are asked for", async () => {
  vi.mocked(fetchHits).mockResolvedValue(answer(4, 250));
  stepper(hit(150))?.next?.();
  await vi.waitFor(() => expect(onGo).toHaveBeenCalledWith(hit(250)));
  expect(fetchHits).toHaveBeenLastCalledWith("b", { q: "q", from: 160, limit: 1 });
  stepper(hit(110))?.previous?.();
  await vi.waitFor(() => expect(fetchHits).toHaveBeenCalledTimes(2));
  expect(fetchHits).toHaveBeenLastCalledWith("b", { q: "q", to: 110, backwards: true, limit: 1 });
});

test("without a place, the first step leads to the first hit of the page", () => {
  expect(stepper()?.ordinal).toBeNull();
  stepper()?.next?.();
  expect(onGo).toHaveBeenLastCalledWith(hit(110));
});

test("nothing leads beyond the first hit and the last", () => {
  const at = hit(110);
  const ends = (first: number) =>
    stepperOf({ book: "b", q: "q", at, page, hits: answer(first, 110), onGo });
  expect(ends(1)?.previous).toBeNull();
  expect(ends(1)?.next).not.toBeNull();
  expect(ends(5)?.next).toBeNull();
});

test("without hits there are no steps", () => {
  const none = { ...answer(0), total_passages: 0 };
  expect(stepperOf({ book: "b", q: "q", at: undefined, page, hits: none, onGo })).toBeNull();
  expect(stepperOf({ book: "b", q: undefined, at: undefined, page, hits: null, onGo })).toBeNull();
});

test("of a partial answer no hit is known to be the first or the last", () => {
  const hits = { ...answer(1, 110), total_passages: 1, partial: true };
  const stepper = stepperOf({ book: "b", q: "q", at: hit(110), page, hits, onGo });
  expect(stepper).toMatchObject({ total: 1, partial: true, ordinal: null });
  expect(stepper?.previous).not.toBeNull();
  expect(stepper?.next).not.toBeNull();
});
