export const SEARCH_METHOD = "tfidf";
export const SEARCH_LIMIT = 20;

/** A half-open range of Unicode code points. */
export interface Range {
  start: number;
  end: number;
}

export interface Passage extends Range {
  text: string;
  highlights: Range[];
}

export interface SearchResult {
  id: string;
  title: string;
  author: string | null;
  score: number;
  snippet: string;
  passages: Passage[];
}

export interface SearchResponse {
  query: string;
  method: string;
  total_results: number;
  results: SearchResult[];
  trace_id: string;
}

export function searchUrl(query: string): URL {
  const url = new URL("/search", window.location.href);
  url.searchParams.set("q", query);
  url.searchParams.set("method", SEARCH_METHOD);
  url.searchParams.set("limit", String(SEARCH_LIMIT));
  return url;
}
