import { type BookText, fetchText } from "../api/books";
import { type Block, blocksOf } from "../text/blocks";
import { lengthOf } from "../text/segments";
import type { ReaderRequest } from "./address";

/** Characters: about eight minutes of reading. */
export const PAGE_LENGTH = 10_000;
/** How far after a multiple of the page length a page may begin. */
export const LEEWAY = 2_000;

/** Where a page may begin, the best first: after a blank line, a line break, a space. */
const BEGINNINGS = [/\n(?:[^\S\n]*\n)+/, /\n/, /\s+/];

/** One page of a book. There are no gaps between pages, in whatever order they are fetched. */
export interface BookPage {
  /** From 1. */
  number: number;
  pages: number;
  start: number;
  end: number;
  blocks: Block[];
}

export type Pages = (request: ReaderRequest) => Promise<BookPage>;

/** The pages of a book, each fetched once. */
export function pagesOf(book: string): Pages {
  const fetched = new Map<number, Promise<BookPage>>();
  const page = (number: number) => {
    const known = fetched.get(number);
    if (known) return known;
    const offset = (number - 1) * PAGE_LENGTH;
    const fetching = fetchText(book, offset, PAGE_LENGTH + LEEWAY).then((text) =>
      pageOf(text, number),
    );
    fetched.set(number, fetching);
    fetching.catch(() => fetched.delete(number));
    return fetching;
  };
  return async ({ at, page: asked = 1 }) => {
    const number = at ? Math.floor(at.start / PAGE_LENGTH) + 1 : asked;
    const found = await page(number);
    if (number > found.pages) return page(found.pages);
    return at && at.start < found.start ? page(number - 1) : found;
  };
}

function pageOf({ offset, text, character_count }: BookText, number: number): BookPage {
  const pages = Math.max(Math.ceil(character_count / PAGE_LENGTH), 1);
  const points = Array.from(text);
  const start = number === 1 ? 0 : beginning(points, 0);
  const end = number >= pages ? points.length : beginning(points, PAGE_LENGTH);
  return {
    number,
    pages,
    start: offset + start,
    end: offset + end,
    blocks: blocksOf(points.slice(start, end).join(""), offset + start),
  };
}

/** The best position for a page to begin, from a multiple of the page length on. */
function beginning(points: string[], from: number): number {
  const text = points.slice(from, from + LEEWAY).join("");
  for (const pattern of BEGINNINGS) {
    const found = pattern.exec(text);
    if (found) return from + lengthOf(text.slice(0, found.index + found[0].length));
  }
  return from;
}

/** The block at a position in the book, or the first one after it. */
export function blockAt(page: BookPage, position: number): Block | undefined {
  return page.blocks.find(({ end }) => end > position);
}
