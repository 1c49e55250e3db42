import { useCallback, useEffect, useSyncExternalStore } from "react";
import {
  navigate,
  useHistoryState,
  useSearch as useQueryString,
} from "wouter/use-browser-location";
import { type SearchState, searchState, startSearch, subscribe } from "./store";

interface EntryState {
  search: string;
}

export interface Search {
  /** What the address asks for; null where it asks for nothing. */
  query: string | null;
  state: SearchState | undefined;
  submit(query: string): void;
}

/** The search of the current history entry: the address decides what is searched and shown. */
export function useSearch(): Search {
  const query = new URLSearchParams(useQueryString()).get("q");
  const entry = useHistoryState<Partial<EntryState> | null>()?.search;
  const state = useSyncExternalStore(subscribe, () => (entry ? searchState(entry) : undefined));

  useEffect(() => {
    if (query === null) return;
    if (!entry) open(query, true);
    else if (searchState(entry)?.query !== query) startSearch(entry, query);
  }, [query, entry]);

  const submit = useCallback((next: string) => open(next, next === query), [query]);
  return { query, state: state?.query === query ? state : undefined, submit };
}

/** Makes a history entry of its own for a search, or renews the current one. */
function open(query: string, replace: boolean): void {
  const state: EntryState = { search: `${Date.now()}-${Math.random()}` };
  navigate(`/?${new URLSearchParams({ q: query })}`, { replace, state });
}
