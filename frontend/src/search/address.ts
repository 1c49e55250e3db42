import { apiUrl, type Query } from "../api/shapes";
import { METHODS, type Method } from "./methods";

type Asked = Query<"/search">;

export const SORTS = ["relevance", "title", "author", "year"] as const satisfies Asked["sort"][];
export type Sort = (typeof SORTS)[number];

export const FILTERS = ["author", "title", "book"] as const satisfies (keyof Asked)[];
export type Filter = (typeof FILTERS)[number];

export const PAGE_SIZE = 20;

/** What an address of the search page asks for. An unset filter is empty. */
export interface SearchRequest extends Record<Filter, string> {
  q: string;
  method: Method;
  sort: Sort;
  /** From 1. */
  page: number;
}

/** A search of the whole library for `q`. */
export function searchFor(q: string): SearchRequest {
  return { q, method: "bm25", author: "", title: "", book: "", sort: "relevance", page: 1 };
}

/** The search that a query string asks for, or null. */
export function readSearchRequest(queryString: string): SearchRequest | null {
  const params = new URLSearchParams(queryString);
  const q = params.get("q");
  if (q === null) return null;
  const read = (name: string) => params.get(name) ?? "";
  return {
    q,
    method: METHODS.find((known) => known === read("method")) ?? "bm25",
    author: read("author"),
    title: read("title"),
    book: read("book"),
    sort: SORTS.find((known) => known === read("sort")) ?? "relevance",
    page: Math.max(Math.trunc(Number(read("page"))) || 1, 1),
  };
}

/** The page's address of a search. It contains only what differs from the default. */
export function searchAddress(request: SearchRequest): string {
  const defaults = searchFor("");
  const changed = Object.entries(request).filter(
    ([name, value]) => name === "q" || value !== defaults[name as keyof SearchRequest],
  );
  return `/?${new URLSearchParams(changed.map(([name, value]) => [name, String(value)]))}`;
}

/** The API's address of a search. */
export function searchUrl({ q, method, sort, page, ...filters }: SearchRequest): URL {
  const asked: Asked = { q, method, limit: PAGE_SIZE };
  if (page > 1) asked.offset = (page - 1) * PAGE_SIZE;
  if (sort !== "relevance") asked.sort = sort;
  for (const name of FILTERS) if (filters[name]) asked[name] = filters[name];
  return apiUrl("/search", asked);
}
