import type { Results } from "./present";
import { runSearch, type TraceRef } from "./run";

export type SearchState =
  | { status: "loading"; query: string }
  | { status: "done"; query: string; results: Results; trace: TraceRef }
  | { status: "error"; query: string; error: unknown; trace: TraceRef };

const REMEMBERED = 50;

/**
 * The searches of this page load, by history entry: going back shows an earlier search as it
 * was, with its own trace, instead of searching again.
 */
const entries = new Map<string, SearchState>();
const listeners = new Set<() => void>();
let inFlight: { entry: string; controller: AbortController } | undefined;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function searchState(entry: string): SearchState | undefined {
  return entries.get(entry);
}

export function startSearch(entry: string, query: string): void {
  abortInFlight();
  const controller = new AbortController();
  inFlight = { entry, controller };
  const set = (state: SearchState) => {
    entries.set(entry, state);
    for (const listener of listeners) listener();
  };
  set({ status: "loading", query });
  forgetOldest();
  const view = {
    loading: () => set({ status: "loading", query }),
    done: (results: Results, trace: TraceRef) => set({ status: "done", query, results, trace }),
    failed: (error: unknown, trace: TraceRef) => set({ status: "error", query, error, trace }),
  };
  void runSearch(query, view, controller.signal);
}

/** Whoever goes back to a search that never ended starts it anew. */
function abortInFlight(): void {
  if (!inFlight || entries.get(inFlight.entry)?.status !== "loading") return;
  inFlight.controller.abort();
  entries.delete(inFlight.entry);
}

function forgetOldest(): void {
  for (const entry of entries.keys()) {
    if (entries.size <= REMEMBERED) return;
    entries.delete(entry);
  }
}
