import type { Answer } from "./shapes";

export type SearchResponse = Answer<"/search">;
export type SearchResult = SearchResponse["results"][number];
export type AuthorCount = SearchResponse["authors"][number];

/** A code for what the server did differently from what the query asked. */
export type Notice = SearchResponse["notices"][number];

/** A passage: `highlights` are ranges of its `text`, `start` and `end` positions in the book. */
export type Passage = SearchResult["passages"][number];

/** A half-open range of characters: Unicode code points, not UTF-16 units. */
export type TextRange = Passage["highlights"][number];
