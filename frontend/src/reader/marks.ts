import type { BookHits } from "../api/books";
import type { Range } from "../api/search";

/** The marked words of a page's hits, as places in the book. */
export function marksOf(hits: BookHits | null): Range[] {
  return (hits?.hits ?? []).flatMap(({ start, highlights }) => within(highlights, -start));
}

/** Ranges as they are counted from another place. */
export function within(ranges: readonly Range[], origin: number): Range[] {
  return ranges.map(({ start, end }) => ({ start: start - origin, end: end - origin }));
}
