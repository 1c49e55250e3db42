import type { BookHits } from "../api/books";
import type { TextRange } from "../api/search";

/** The marked words of a page's hits, as places in the book. */
export function highlightsOf(hits: BookHits | null): TextRange[] {
  return (hits?.hits ?? []).flatMap(({ start, highlights }) => relativeTo(highlights, -start));
}

/** Ranges as they are counted from another place. */
export function relativeTo(ranges: readonly TextRange[], origin: number): TextRange[] {
  return ranges.map(({ start, end }) => ({ start: start - origin, end: end - origin }));
}
