import { type BookHits, fetchHits } from "../api/books";
import type { TextRange } from "../api/search";
import type { BookPage } from "./pages";

export interface Stepper {
  total: number;
  /** The hit that the address points to, from 1; null where it points to none. */
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

/** Goes from hit to hit, over the bounds of pages. Null where there is no hit at all. */
export function stepperOf({ book, q, at, page, hits, onGo }: StepperProps): Stepper | null {
  if (!q || !page || !hits || hits.total_passages === 0) return null;
  const total = hits.total_passages;
  const current = at
    ? hits.hits.findIndex(({ start, end }) => start < at.end && at.start < end)
    : -1;
  const ordinal = current >= 0 ? hits.first_ordinal + current : null;
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
      // Without the server there is nowhere to go; the page says so when it is turned.
    });
  };
  return {
    total,
    ordinal,
    previous: ordinal === 1 ? null : step(true),
    next: ordinal === total ? null : step(false),
  };
}
