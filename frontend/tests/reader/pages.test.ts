import { beforeEach, expect, test, vi } from "vitest";
import { fetchText } from "../../src/api/books";
import { type BookPage, blockAt, LEEWAY, PAGE_LENGTH, pagesOf } from "../../src/reader/pages";

vi.mock("../../src/api/books");

const BOOKS = {
  paragraphs: `${"It was a long day. 🐋 ".repeat(18)}\n\n`.repeat(66),
  // No blank line, as in some editions of verse.
  lines: "Of Mans First Disobedience, and the Fruit\n".repeat(600),
  stanzas: "   Little lamb, who made thee?\n   Dost thou know who made thee,\n\n".repeat(400),
  words: "word ".repeat(5_000),
  letters: "x".repeat(25_000),
  // The break that begins the second page ends exactly where that page may begin at the latest.
  late: `${"x".repeat(PAGE_LENGTH + LEEWAY - 2)}\n\n${"y".repeat(7_000)}`,
};

beforeEach(() => {
  vi.mocked(fetchText).mockReset();
  vi.mocked(fetchText).mockImplementation(async (book, offset, limit) => {
    const points = Array.from(BOOKS[book as keyof typeof BOOKS]);
    const text = points.slice(offset, offset + limit).join("");
    return { id: book, offset, limit, character_count: points.length, text };
  });
});

async function allPages(book: string): Promise<BookPage[]> {
  const first = await pagesOf(book)({});
  const others = Array.from({ length: first.pages - 1 }, (_, index) =>
    // Each from a reader of its own: where a page begins must not depend on the one before it.
    pagesOf(book)({ page: index + 2 }),
  );
  return [first, ...(await Promise.all(others))];
}

test.each(Object.entries(BOOKS))(
  "pages of %s follow one another without a gap",
  async (name, text) => {
    const pages = await allPages(name);
    expect(pages.map(({ number }) => number)).toEqual(pages.map((_, index) => index + 1));
    expect(pages[0]?.start).toBe(0);
    expect(pages.at(-1)?.end).toBe(Array.from(text).length);
    for (const [index, page] of pages.entries()) {
      if (index > 0) expect(page.start).toBe(pages[index - 1]?.end);
    }
    const words = (each: string) => each.split(/\s+/).filter(Boolean).join(" ");
    const shown = pages
      .flatMap(({ blocks }) => blocks.map((block) => block.text))
      .join(name === "letters" ? "" : "\n\n");
    expect(words(shown) === words(text)).toBe(true);
  },
);

test("a page begins with a paragraph, where there is one", async () => {
  for (const page of (await allPages("paragraphs")).slice(1)) {
    expect(page.blocks[0]?.text.startsWith("It was a long day.")).toBe(true);
    expect(page.start % PAGE_LENGTH).toBeLessThan(LEEWAY);
  }
  for (const page of (await allPages("lines")).slice(1)) {
    expect(page.blocks[0]?.text.startsWith("Of Mans")).toBe(true);
  }
});

test("the first line of a page keeps its indentation", async () => {
  const page = await pagesOf("stanzas")({ page: 2 });
  expect(page.blocks[0]).toMatchObject({ verse: true, indent: 0 });
  expect(page.blocks[0]?.margin).toEqual([{ start: 28, end: 31 }]);
});

test.each([0, 9_990, 10_000, 10_100, 10_390, 20_000, 25_000])(
  "place %i is on the page that is shown for it",
  async (start) => {
    const page = await pagesOf("paragraphs")({ at: { start, end: start } });
    expect(page.start).toBeLessThanOrEqual(start);
    expect(page.end).toBeGreaterThan(start);
    const block = blockAt(page, start);
    expect(block?.start).toBeLessThanOrEqual(start);
  },
);

test("past the end there is the last page", async () => {
  const pages = pagesOf("paragraphs");
  expect((await pages({ page: 99 })).number).toBe(3);
  expect((await pages({ at: { start: 1e9, end: 1e9 } })).number).toBe(3);
});

test("a page is fetched once, unless that failed", async () => {
  const pages = pagesOf("paragraphs");
  vi.mocked(fetchText).mockRejectedValueOnce(new TypeError("no network"));
  await expect(pages({ page: 2 })).rejects.toThrow("no network");
  await pages({ page: 2 });
  await pages({ page: 2 });
  expect(fetchText).toHaveBeenCalledTimes(2);
});
