import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import {
  navigate,
  useHistoryState,
  useSearch as useQueryString,
} from "wouter/use-browser-location";
import { addressOf, readRequest, type SearchRequest } from "./request";
import { type SearchState, searchState, startSearch, subscribe } from "./store";

/** What a history entry of the search page holds besides its address. */
export interface EntryState {
  search: string;
}

export interface CurrentSearch {
  /** What the address asks for; null where it asks for nothing. */
  request: SearchRequest | null;
  state: SearchState | undefined;
  /** The history entry, once it has one of its own. */
  entry: string | undefined;
  submit(request: SearchRequest): void;
}

/** The search of the current history entry: the address decides what is searched and shown. */
export function useSearch(): CurrentSearch {
  const queryString = useQueryString();
  const request = useMemo(() => readRequest(queryString), [queryString]);
  const entry = useHistoryState<Partial<EntryState> | null>()?.search;
  const state = useSyncExternalStore(subscribe, () =>
    entry && request ? searchState(entry, request) : undefined,
  );

  useEffect(() => {
    if (request === null) return;
    if (!entry) open(request, true);
    else if (!searchState(entry, request)) startSearch(entry, request);
  }, [request, entry]);

  const submit = useCallback(
    (next: SearchRequest) => open(next, request !== null && addressOf(next) === addressOf(request)),
    [request],
  );
  return { request, state, entry, submit };
}

/** Makes a history entry of its own for a search, or renews the current one. */
function open(request: SearchRequest, replace: boolean): void {
  const state: EntryState = { search: `${Date.now()}-${Math.random()}` };
  navigate(addressOf(request), { replace, state });
}
