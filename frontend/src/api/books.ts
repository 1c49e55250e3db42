import { getJson } from "./http";
import { type Answer, apiUrl, type Query } from "./shapes";

export type BookList = Answer<"/books">;
export type Book = BookList["books"][number];
export type BookDetails = Answer<"/books/{id}">;
export type Heading = BookDetails["contents"][number];

/** A slice of a book's text. All positions in a book count Unicode code points. */
export type BookText = Answer<"/books/{id}/text">;

/** The passages of one book that match a query. */
export type BookHits = Answer<"/books/{id}/search">;

export type BooksRequest = Query<"/books">;

/** With `backwards`: the last hits before `to`, not the first ones after `from`. */
export type HitsRequest = Query<"/books/{id}/search">;

export function fetchBooks(url: string, signal?: AbortSignal): Promise<BookList> {
  return getJson(url, signal);
}

export function booksUrl(request: BooksRequest): URL {
  return apiUrl("/books", request);
}

export function fetchBook(id: string, signal?: AbortSignal): Promise<BookDetails> {
  return getJson(bookPath(id), signal);
}

export function fetchText(id: string, offset: number, limit: number): Promise<BookText> {
  const request: Query<"/books/{id}/text"> = { offset, limit };
  return getJson(apiUrl(`${bookPath(id)}/text`, request));
}

/** The hits in the order of the text. */
export function fetchHits(
  id: string,
  request: Omit<HitsRequest, "order">,
  signal?: AbortSignal,
): Promise<BookHits> {
  return getJson(hitsUrl(id, { ...request, order: "place" }), signal);
}

export function hitsUrl(id: string, request: HitsRequest): URL {
  return apiUrl(`${bookPath(id)}/search`, request);
}

function bookPath(id: string): string {
  return `/books/${encodeURIComponent(id)}`;
}
