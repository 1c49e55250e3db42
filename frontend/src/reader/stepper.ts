import { type BookHits, fetchHits } from "../api/books";
import type { TextRange } from "../api/search";
import type { BookPage } from "./pages";

/** Whether a passage and the one that the address points to have text in common. */
export function overlaps(one: TextRange, other: TextRange): boolean {
  return one.start < other.end && other.start < one.end;
}

export interface Stepper {
  total: number;
  /** Whether there can be more hits than `total`. */
  partial: boolean;
  /** The number of the hit that the address points to, from 1, or null. */
  ordinal: number | null;
  previous: (() => void) | null;
  next: (() => void) | null;
}

interface StepperProps {
  book: string;
  q: string | undefined;
  at: TextRange | undefined;
  page: BookPage | null;
  hits: BookHits | null;
  onGo(hit: TextRange): void;
}

/** Goes from hit to hit, across pages. Null if there are no hits. */
export function stepperOf({ book, q, at, page, hits, onGo }: StepperProps): Stepper | null {
  if (!q || !page || !hits || hits.total_passages === 0) return null;
  const total = hits.total_passages;
  const current = at ? hits.hits.findIndex((hit) => overlaps(hit, at)) : -1;
  // Of a partial answer, neither number is exact.
  const ordinal = current >= 0 && !hits.partial ? hits.first_ordinal + current : null;
  const here = at ?? { start: page.start, end: page.start };

  const goTo = async (near: TextRange | undefined, backwards: boolean) => {
    const bounds = backwards ? { to: here.start, backwards } : { from: here.end };
    const hit = near ?? (await fetchHits(book, { q, ...bounds, limit: 1 })).hits[0];
    if (hit) onGo(hit);
  };
  const step = (backwards: boolean) => () => {
    const near = backwards
      ? hits.hits.findLast(({ end }) => end <= here.start)
      : hits.hits.find(({ start }) => start >= here.end);
    goTo(near, backwards).catch(() => {
      // If the server is unreachable, nothing moves. Turning the page shows the error.
    });
  };
  return {
    total,
    partial: hits.partial,
    ordinal,
    previous: ordinal === 1 ? null : step(true),
    next: ordinal === total ? null : step(false),
  };
}
