import type { BookHits } from "../api/books";
import type { TextRange } from "../api/search";

/** The highlights of a page's hits, as ranges of the book's text. */
export function highlightsOf(hits: BookHits | null): TextRange[] {
  return (hits?.hits ?? []).flatMap(({ start, highlights }) => relativeTo(highlights, -start));
}

/** Ranges counted from `origin`. */
export function relativeTo(ranges: readonly TextRange[], origin: number): TextRange[] {
  return ranges.map(({ start, end }) => ({ start: start - origin, end: end - origin }));
}
