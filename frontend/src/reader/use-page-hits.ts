import { useCallback } from "preact/hooks";
import { type BookHits, fetchHits } from "../api/books";
import { useLoaded } from "../api/use-loaded";
import { useRecovery } from "../recovery/use-recovery";
import type { BookPage } from "./pages";

/** More hits than a page can have. */
const LIMIT = 500;
/** How far before a page a hit may begin that ends on it, as a quotation of several passages may. */
const REACH = 2_000;

/** The hits of a query on one page; null without a query, and while they are loading. */
export function usePageHits(
  book: string,
  q: string | undefined,
  page: BookPage | null,
): BookHits | null {
  const from = page?.start;
  const to = page?.end;
  const load = useCallback(
    async (signal: AbortSignal) => {
      if (!q || from === undefined || to === undefined) return null;
      const request = { q, from: Math.max(from - REACH, 0), to, limit: LIMIT };
      return { from, hits: endingAfter(from, await fetchHits(book, request, signal)) };
    },
    [book, q, from, to],
  );
  const { data, error, reload } = useLoaded(load);
  useRecovery(error, reload);
  return data && data.from === from ? data.hits : null;
}

/** The hits that end after a position, of hits in the order of the text. */
export function endingAfter(position: number, hits: BookHits): BookHits {
  const before = hits.hits.filter(({ end }) => end <= position).length;
  return {
    ...hits,
    first_ordinal: hits.first_ordinal + before,
    hits: hits.hits.slice(before),
  };
}
