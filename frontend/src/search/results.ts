import type { AuthorCount, Notice, Passage, SearchResponse } from "../api/search";
import { type Block, blocksOf } from "../text/blocks";
import { type Segment, segments } from "../text/segments";

export interface ShownPassage {
  start: number;
  end: number;
  /** More than one if a passage has a heading and a paragraph. */
  blocks: ShownBlock[];
}

export interface ShownBlock extends Pick<Block, "start" | "verse" | "indent"> {
  segments: Segment[];
}

export interface Hit {
  id: string;
  title: string;
  author: string | null;
  year: number | null;
  score: number;
  /** The score as a share of the best one. */
  share: number;
  passagesCount: number;
  passages: ShownPassage[];
}

export interface Results {
  total: number;
  hits: Hit[];
  authors: AuthorCount[];
  didYouMean: string | null;
  notices: Notice[];
  /** Whether the server cut the search. All counts are then lower bounds. */
  partial: boolean;
}

export function present(answer: SearchResponse): Results {
  const best = Math.max(...answer.results.map(({ score }) => score), Number.MIN_VALUE);
  return {
    total: answer.total_results,
    hits: answer.results.map(({ passages_count, passages, snippet: _, ...result }) => ({
      ...result,
      share: result.score / best,
      passagesCount: passages_count,
      passages: passages.map(presentPassage),
    })),
    authors: answer.authors,
    didYouMean: answer.did_you_mean,
    notices: answer.notices,
    partial: answer.partial,
  };
}

export function presentPassage({ start, end, text, highlights }: Passage): ShownPassage {
  const blocks = blocksOf(text).map((block) => ({
    start: block.start,
    verse: block.verse,
    indent: block.indent,
    segments: segments(block.text, {
      highlights: highlights.map((mark) => ({
        start: mark.start - block.start,
        end: mark.end - block.start,
      })),
      hidden: block.margin,
    }),
  }));
  return { start, end, blocks };
}
