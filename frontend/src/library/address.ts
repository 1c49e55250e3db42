import type { BooksRequest } from "../api/books";

export const SORTS = ["author", "title", "year"] as const satisfies BooksRequest["sort"][];
export type Sort = (typeof SORTS)[number];

export const VIEWS = ["covers", "list"] as const;
export type View = (typeof VIEWS)[number];

export const PAGE_SIZE = 100;

/** What an address of the library asks for. An unset filter is empty. */
export interface LibraryRequest {
  title: string;
  author: string;
  sort: Sort;
  view: View;
  /** From 1. */
  page: number;
}

export function readLibraryRequest(queryString: string): LibraryRequest {
  const params = new URLSearchParams(queryString);
  return {
    title: params.get("title") ?? "",
    author: params.get("author") ?? "",
    sort: SORTS.find((known) => known === params.get("sort")) ?? "author",
    view: VIEWS.find((known) => known === params.get("view")) ?? "covers",
    page: Math.max(Math.trunc(Number(params.get("page"))) || 1, 1),
  };
}

/** The page's address. It contains only what differs from the default. */
export function libraryAddress({ title, author, sort, view, page }: LibraryRequest): string {
  const params = new URLSearchParams();
  if (title) params.set("title", title);
  if (author) params.set("author", author);
  if (sort !== "author") params.set("sort", sort);
  if (view !== "covers") params.set("view", view);
  if (page > 1) params.set("page", String(page));
  const query = params.toString();
  return `/library${query && "?"}${query}`;
}

/** The request to the API. */
export function booksRequest({ title, author, sort, page }: LibraryRequest): BooksRequest {
  const asked: BooksRequest = { sort, limit: PAGE_SIZE };
  if (page > 1) asked.offset = (page - 1) * PAGE_SIZE;
  if (title) asked.title = title;
  if (author) asked.author = author;
  return asked;
}
