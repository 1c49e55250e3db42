import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useHistoryState } from "wouter/use-browser-location";
import { type EntryState, openSearch } from "./history";
import { addressOf, type SearchRequest } from "./request";
import { type SearchState, searchState, startSearch, subscribe } from "./store";

export interface CurrentSearch {
  state: SearchState;
  /** The history entry, once it has one of its own. */
  entry: string | undefined;
  submit(request: SearchRequest): void;
}

/** The search of the current history entry: the address decides what is searched and shown. */
export function useSearch(request: SearchRequest): CurrentSearch {
  const entry = useHistoryState<Partial<EntryState> | null>()?.search;
  const state = useSyncExternalStore(subscribe, () =>
    entry ? searchState(entry, request) : undefined,
  );

  useEffect(() => {
    if (!entry) openSearch(request, true);
    else if (!searchState(entry, request)) startSearch(entry, request);
  }, [request, entry]);

  const submit = useCallback(
    (next: SearchRequest) => openSearch(next, addressOf(next) === addressOf(request)),
    [request],
  );
  // Until its search has begun, an address with a query already looks like one.
  return { state: state ?? { status: "loading", request }, entry, submit };
}
