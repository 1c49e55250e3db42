import { type BookText, fetchText } from "../api/books";
import { type Block, blocksOf } from "../text/blocks";
import { lengthOf } from "../text/segments";
import type { ReaderRequest } from "./address";

/** About what a person reads in six minutes; a page ends where a passage does. */
export const PAGE_LENGTH = 10_000;

/** One page of a book. */
export interface BookPage {
  /** From 1. */
  number: number;
  pages: number;
  start: number;
  end: number;
  characterCount: number;
  blocks: Block[];
}

export type Pages = (request: ReaderRequest) => Promise<BookPage>;

/** The pages of a book, each fetched once. */
export function pagesOf(book: string): Pages {
  const fetched = new Map<number, Promise<BookPage>>();
  const page = (number: number) => {
    const known = fetched.get(number);
    if (known) return known;
    const coming = fetchText(book, (number - 1) * PAGE_LENGTH, PAGE_LENGTH).then((text) =>
      pageOf(text, number),
    );
    fetched.set(number, coming);
    coming.catch(() => fetched.delete(number));
    return coming;
  };
  return async ({ at, page: asked = 1 }) => {
    const number = at ? Math.floor(at.start / PAGE_LENGTH) + 1 : asked;
    const found = await page(number);
    if (number > found.pages) return page(found.pages);
    // A page begins with a passage: its bounds lie a little beside the round numbers.
    if (at && at.start < found.start && number > 1) return page(number - 1);
    if (at && at.start >= found.end && number < found.pages) return page(number + 1);
    return found;
  };
}

function pageOf({ offset, text, character_count }: BookText, number: number): BookPage {
  return {
    number,
    pages: Math.max(Math.ceil(character_count / PAGE_LENGTH), 1),
    start: offset,
    end: offset + lengthOf(text),
    characterCount: character_count,
    blocks: blocksOf(text, offset),
  };
}

/** The block at a place of the book, or the first one after it. */
export function blockAt(page: BookPage, position: number): Block | undefined {
  return page.blocks.find(({ end }) => end > position);
}
