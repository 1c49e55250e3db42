import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type BookHits, type HitsRequest, hitsUrl } from "../api/books";
import type { Notice, Passage } from "../api/search";
import { presentPassage, type ShownPassage } from "../search/results";
import { runSearch, type TraceRef } from "../search/run";
import { PAGE_LEFT, SUPERSEDED } from "../telemetry/error-type";
import type { Order } from "./address";
import { excerpt } from "./excerpt";

const LIMIT = 20;

export interface Found {
  total: number;
  hits: ShownPassage[];
  didYouMean: string | null;
  notices: Notice[];
  /** Whether the server cut the search. `total` is then a lower bound. */
  partial: boolean;
}

export interface FindState {
  q: string;
  order: Order;
  status: "loading" | "done" | "error";
  /** The hits so far, also while more are loading. */
  found: Found | null;
  error: unknown;
  trace: TraceRef | null;
}

export interface Find {
  state: FindState | null;
  find(q: string, order: Order): void;
  /** Loads the next hits. */
  more(): void;
}

/** A search inside one book, which is a trace like any other search. */
export function useFind(book: string): Find {
  const [state, setState] = useState<FindState | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(PAGE_LEFT), []);

  const run = useCallback(
    (q: string, order: Order, before: Found | null, shown = before) => {
      running.current?.abort(SUPERSEDED);
      const controller = new AbortController();
      running.current = controller;
      const asked: HitsRequest = { q, order, limit: LIMIT };
      if (before) asked.offset = before.hits.length;
      const loading: FindState = {
        q,
        order,
        status: "loading",
        found: shown,
        error: null,
        trace: null,
      };
      setState(loading);
      void runSearch<BookHits, Found>(
        {
          attributes: { "search.query": q, "search.method": "bm25", "book.id": book },
          url: () => hitsUrl(book, asked),
          count: ({ total_passages }) => total_passages,
          present: (answer) => ({
            total: answer.total_passages,
            hits: [...(before?.hits ?? []), ...answer.hits.map(presentHit)],
            didYouMean: answer.did_you_mean,
            notices: answer.notices,
            partial: answer.partial,
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
  const find = useCallback(
    // In another order, the same hits stay visible until they have come in this one.
    (q: string, order: Order) => run(q, order, null, state?.q === q ? state.found : null),
    [run, state],
  );
  const more = useCallback(
    () => state?.found && run(state.q, state.order, state.found),
    [run, state],
  );
  return { state, find, more };
}

function presentHit(hit: Passage): ShownPassage {
  return presentPassage(excerpt(hit));
}
