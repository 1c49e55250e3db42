/** A half-open range of characters: Unicode code points, not UTF-16 units. */
export interface Range {
  start: number;
  end: number;
}

/** A piece of a book: `highlights` are ranges of `text`, `start` and `end` those of the book's. */
export interface Passage extends Range {
  text: string;
  highlights: Range[];
}

export interface SearchResult {
  id: string;
  title: string;
  author: string | null;
  year: number | null;
  score: number;
  snippet: string;
  passages_count: number;
  passages: Passage[];
}

export interface AuthorCount {
  name: string;
  books: number;
}

/** What the server did with a query other than it was told to, as a code. */
export type Notice = "searched_literally" | "prefix_too_short";

export interface SearchResponse {
  query: string;
  method: string;
  total_results: number;
  results: SearchResult[];
  authors: AuthorCount[];
  did_you_mean: string | null;
  notices: Notice[];
  trace_id: string;
}
