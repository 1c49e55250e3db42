import type { SearchResponse } from "../api/search";
import { type Segment, segments } from "./highlight";

export interface Hit {
  id: string;
  title: string;
  author: string | null;
  score: number;
  /** The score as a share of the best one. */
  share: number;
  snippet: Segment[];
}

export interface Results {
  query: string;
  total: number;
  hits: Hit[];
}

export function present({ query, total_results, results }: SearchResponse): Results {
  const best = Math.max(...results.map(({ score }) => score), Number.MIN_VALUE);
  return {
    query,
    total: total_results,
    hits: results.map(({ id, title, author, score, snippet, passages }) => ({
      id,
      title,
      author,
      score,
      share: score / best,
      snippet: segments(passages[0] ?? { text: snippet, highlights: [] }),
    })),
  };
}
