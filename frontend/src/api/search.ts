import type { Answer } from "./shapes";

export type SearchResponse = Answer<"/search">;
export type SearchResult = SearchResponse["results"][number];
export type AuthorCount = SearchResponse["authors"][number];

/** What the server did with a query other than it was told to, as a code. */
export type Notice = SearchResponse["notices"][number];

/** A piece of a book: `highlights` are ranges of `text`, `start` and `end` those of the book's. */
export type Passage = SearchResult["passages"][number];

/** A half-open range of characters: Unicode code points, not UTF-16 units. */
export type TextRange = Passage["highlights"][number];
