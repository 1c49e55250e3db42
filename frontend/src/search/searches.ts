import type { SearchResponse } from "../api/search";
import { SUPERSEDED } from "../telemetry/error-type";
import { type SearchRequest, searchAddress, searchUrl } from "./address";
import { present, type Results } from "./results";
import { runSearch, type Search, type TraceRef } from "./run";

interface Asked {
  request: SearchRequest;
}

export interface DoneSearch extends Asked {
  status: "done";
  entry: string;
  results: Results;
  trace: TraceRef;
}

export type SearchState =
  | (Asked & { status: "loading" })
  | DoneSearch
  | (Asked & { status: "error"; error: unknown; trace: TraceRef });

const REMEMBERED = 50;

/**
 * The searches since the page was loaded, by history entry. Going back shows an earlier search with
 * its results and its trace, instead of searching again.
 */
const entries = new Map<string, SearchState>();
const listeners = new Set<() => void>();
let inFlight: { entry: string; controller: AbortController } | undefined;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The search of a history entry, if it matches `request`. */
export function searchState(entry: string, request: SearchRequest): SearchState | undefined {
  const state = entries.get(entry);
  return state && searchAddress(state.request) === searchAddress(request) ? state : undefined;
}

export function startSearch(entry: string, request: SearchRequest): void {
  abortInFlight();
  const controller = new AbortController();
  inFlight = { entry, controller };
  const set = (state: SearchState) => {
    entries.set(entry, state);
    for (const listener of listeners) listener();
  };
  set({ status: "loading", request });
  forgetOldest();
  const view = {
    loading: () => set({ status: "loading", request }),
    done: (results: Results, trace: TraceRef) =>
      set({ status: "done", request, entry, results, trace }),
    failed: (error: unknown, trace: TraceRef) => set({ status: "error", request, error, trace }),
  };
  void runSearch(librarySearch(request), view, controller.signal);
}

function librarySearch(request: SearchRequest): Search<SearchResponse, Results> {
  return {
    attributes: { "search.query": request.q, "search.method": request.method },
    url: () => searchUrl(request),
    count: ({ total_results }) => total_results,
    present,
  };
}

/** An aborted search is forgotten, so that going back to it starts it again. */
function abortInFlight(): void {
  if (!inFlight || entries.get(inFlight.entry)?.status !== "loading") return;
  inFlight.controller.abort(SUPERSEDED);
  entries.delete(inFlight.entry);
}

function forgetOldest(): void {
  for (const entry of entries.keys()) {
    if (entries.size <= REMEMBERED) return;
    entries.delete(entry);
  }
}
