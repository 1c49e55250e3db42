import { useCallback, useMemo } from "preact/hooks";
import { type Loaded, useLoaded } from "../api/use-loaded";
import type { ReaderRequest } from "./address";
import { type BookPage, pagesOf } from "./pages";

/** The page of a book that an address asks for. */
export function useBookPage(book: string, { at, page }: ReaderRequest): Loaded<BookPage> {
  const pages = useMemo(() => pagesOf(book), [book]);
  const start = at?.start;
  const load = useCallback(async () => {
    const found = await pages({
      at: start === undefined ? undefined : { start, end: start },
      page,
    });
    // Prefetch the next page.
    if (found.number < found.pages) pages({ page: found.number + 1 }).catch(() => {});
    return found;
  }, [pages, start, page]);
  return useLoaded(load);
}
