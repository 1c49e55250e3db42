import { useCallback } from "preact/hooks";
import { type BookHits, fetchHits } from "../api/books";
import { useLoaded } from "../api/use-loaded";
import { useRecovery } from "../recovery/use-recovery";
import type { BookPage } from "./pages";

/** More hits than a page can have. */
const LIMIT = 500;

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
      return { from, hits: await fetchHits(book, { q, from, to, limit: LIMIT }, signal) };
    },
    [book, q, from, to],
  );
  const { data, error, reload } = useLoaded(load);
  useRecovery(error, reload);
  return data && data.from === from ? data.hits : null;
}
