import { beforeEach, expect, test, vi } from "vitest";
import { fetchText } from "../../src/api/books";
import { blockAt, PAGE_LENGTH, pagesOf } from "../../src/reader/pages";

vi.mock("../../src/api/books");

/** A book of paragraphs of 400 characters; the pages begin with paragraphs, as the server's do. */
const PARAGRAPH = 400;
const LENGTH = 25_200;
const BOOK = `${"x".repeat(PARAGRAPH - 2)}\n\n`.repeat(LENGTH / PARAGRAPH);
const toParagraph = (place: number) => Math.min(Math.ceil(place / PARAGRAPH) * PARAGRAPH, LENGTH);

beforeEach(() => {
  vi.mocked(fetchText).mockReset();
  vi.mocked(fetchText).mockImplementation(async (_, from, limit) => {
    const offset = toParagraph(from);
    const text = BOOK.slice(offset, toParagraph(from + limit));
    return { offset, character_count: LENGTH, text };
  });
});

test("pages follow one another without a gap", async () => {
  const pages = pagesOf("book");
  const [first, second, third] = [
    await pages({}),
    await pages({ page: 2 }),
    await pages({ page: 3 }),
  ];
  expect([first.start, first.end, second.end, third.end]).toEqual([
    0,
    second.start,
    third.start,
    LENGTH,
  ]);
  expect([first.number, first.pages, third.number]).toEqual([1, 3, 3]);
});

test.each([0, 9_990, 10_000, 10_390, 10_400, 20_000, 25_190])(
  "place %i is on the page that is shown for it",
  async (start) => {
    const page = await pagesOf("book")({ at: { start, end: start } });
    expect(page.start).toBeLessThanOrEqual(start);
    expect(page.end).toBeGreaterThan(start);
    expect(blockAt(page, start)?.start).toBe(Math.floor(start / PARAGRAPH) * PARAGRAPH);
  },
);

test("past the end there is the last page", async () => {
  const pages = pagesOf("book");
  expect((await pages({ page: 99 })).number).toBe(3);
  expect((await pages({ at: { start: 1e9, end: 1e9 } })).number).toBe(3);
});

test("a page is fetched once, unless that failed", async () => {
  const pages = pagesOf("book");
  vi.mocked(fetchText).mockRejectedValueOnce(new TypeError("no network"));
  await expect(pages({ page: 2 })).rejects.toThrow("no network");
  await pages({ page: 2 });
  await pages({ page: 2 });
  expect(fetchText).toHaveBeenCalledTimes(2);
  expect(fetchText).toHaveBeenLastCalledWith("book", PAGE_LENGTH, PAGE_LENGTH);
});
