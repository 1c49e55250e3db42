import type { HitsRequest } from "../api/books";
import type { TextRange } from "../api/search";

export const ORDERS = ["relevance", "place"] as const satisfies HitsRequest["order"][];
export type Order = (typeof ORDERS)[number];

/** What an address of the reader asks for, besides the book. */
export interface ReaderRequest {
  /** A passage, or the position of a heading, with no length. */
  at?: TextRange | undefined;
  /** From 1. `at` takes precedence. */
  page?: number | undefined;
  /** The query to highlight. */
  q?: string | undefined;
  /** The order of the list of hits. By relevance, if it is not set. */
  order?: Order | undefined;
}

export function readerAddress(book: string, { at, page, q, order }: ReaderRequest): string {
  const params = new URLSearchParams();
  if (at) params.set("at", at.end > at.start ? `${at.start}-${at.end}` : String(at.start));
  else if (page && page > 1) params.set("page", String(page));
  if (q) params.set("q", q);
  if (order && order !== ORDERS[0]) params.set("order", order);
  const query = params.toString();
  return `/read/${encodeURIComponent(book)}${query && "?"}${query}`;
}

/** What a query string asks for. Invalid values are ignored. */
export function readReaderRequest(queryString: string): ReaderRequest {
  const params = new URLSearchParams(queryString);
  const [, start, end = start] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(params.get("at") ?? "") ?? [];
  const page = /^\d{1,7}$/.exec(params.get("page") ?? "")?.[0];
  return {
    at: start === undefined ? undefined : { start: Number(start), end: Number(end) },
    page: page ? Math.max(Number(page), 1) : undefined,
    q: params.get("q")?.trim() || undefined,
    order: ORDERS.find((known) => known === params.get("order")),
  };
}
