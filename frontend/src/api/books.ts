import { getJson } from "./http";
import type { Notice, Passage } from "./search";

export interface Book {
  id: string;
  title: string;
  author: string | null;
  year: number | null;
  language: string;
  word_count: number;
}

export interface BookList {
  books: Book[];
  total_books: number;
}

export interface Heading {
  title: string;
  /** 1 is the outermost. */
  level: number;
  start: number;
}

export interface BookDetails extends Book {
  character_count: number;
  source: string;
  rights: string | null;
  url: string | null;
  contents: Heading[];
}

/** A slice of a book's text. All places in a book count Unicode code points. */
export interface BookText {
  offset: number;
  character_count: number;
  text: string;
}

/** The passages of one book that match a query, in the order of the text. */
export interface BookHits {
  total_passages: number;
  /** The place of the first of `hits` among all, from 1; 0 where there is none. */
  first_ordinal: number;
  hits: Passage[];
  did_you_mean: string | null;
  notices: Notice[];
  trace_id: string;
}

export interface HitsRequest {
  q: string;
  from?: number;
  to?: number;
  limit: number;
  /** The last ones before `to`, and not the first ones after `from`. */
  backwards?: boolean;
}

export function fetchBooks(params: URLSearchParams, signal?: AbortSignal): Promise<BookList> {
  return getJson(`/books?${params}`, signal);
}

export function fetchBook(id: string, signal?: AbortSignal): Promise<BookDetails> {
  return getJson(bookPath(id), signal);
}

export function fetchText(id: string, offset: number, limit: number): Promise<BookText> {
  return getJson(`${bookPath(id)}/text?offset=${offset}&limit=${limit}`);
}

export function fetchHits(
  id: string,
  request: HitsRequest,
  signal?: AbortSignal,
): Promise<BookHits> {
  return getJson(hitsUrl(id, request).href, signal);
}

export function hitsUrl(id: string, request: HitsRequest): URL {
  const url = new URL(`${bookPath(id)}/search`, window.location.href);
  for (const [name, value] of Object.entries(request)) url.searchParams.set(name, String(value));
  return url;
}

function bookPath(id: string): string {
  return `/books/${encodeURIComponent(id)}`;
}
