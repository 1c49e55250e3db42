import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type BookHits, hitsUrl } from "../api/books";
import type { Notice, Passage } from "../api/search";
import { presentPassage, type ShownPassage } from "../search/results";
import { runSearch, type TraceRef } from "../search/run";
import { PAGE_LEFT, SUPERSEDED } from "../telemetry/error-type";
import { excerpt } from "./excerpt";

const LIMIT = 20;

export interface Found {
  total: number;
  hits: ShownPassage[];
  didYouMean: string | null;
  notices: Notice[];
}

export interface FindState {
  q: string;
  status: "loading" | "done" | "error";
  /** The hits so far, also while more are loading. */
  found: Found | null;
  error: unknown;
  trace: TraceRef | null;
}

export interface Find {
  state: FindState | null;
  find(q: string): void;
  /** Loads the next hits. */
  more(): void;
}

/** A search inside one book, which is a trace like any other search. */
export function useFind(book: string): Find {
  const [state, setState] = useState<FindState | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(PAGE_LEFT), []);

  const run = useCallback(
    (q: string, before: Found | null) => {
      running.current?.abort(SUPERSEDED);
      const controller = new AbortController();
      running.current = controller;
      const from = before?.hits.at(-1)?.end ?? 0;
      const loading: FindState = { q, status: "loading", found: before, error: null, trace: null };
      setState(loading);
      void runSearch<BookHits, Found>(
        {
          attributes: { "search.query": q, "search.method": "bm25", "book.id": book },
          url: () => hitsUrl(book, { q, from, limit: LIMIT }),
          count: ({ total_passages }) => total_passages,
          present: (answer) => ({
            total: answer.total_passages,
            hits: [...(before?.hits ?? []), ...answer.hits.map(presentHit)],
            didYouMean: answer.did_you_mean,
            notices: answer.notices,
          }),
        },
        {
          loading: () => setState(loading),
          done: (found, trace) => setState({ ...loading, status: "done", found, trace }),
          failed: (error, trace) => setState({ ...loading, status: "error", error, trace }),
        },
        controller.signal,
      );
    },
    [book],
  );
  const find = useCallback((q: string) => run(q, null), [run]);
  const more = useCallback(() => state?.found && run(state.q, state.found), [run, state]);
  return { state, find, more };
}

function presentHit(hit: Passage): ShownPassage {
  return presentPassage(excerpt(hit));
}
