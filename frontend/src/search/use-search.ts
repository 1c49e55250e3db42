import { useSyncExternalStore } from "preact/compat";
import { useCallback, useLayoutEffect, useState } from "preact/hooks";
import { useHistoryState } from "wouter-preact/use-browser-location";
import { type SearchRequest, searchAddress } from "./address";
import { type EntryState, openSearch } from "./history";
import { type DoneSearch, type SearchState, searchState, startSearch, subscribe } from "./searches";

export interface CurrentSearch {
  state: SearchState;
  /** The results to show: the search's own, or those of the previous search while it is loading. */
  shown: DoneSearch | null;
  submit(request: SearchRequest): void;
}

/** The search of the current history entry. The address decides what is searched and shown. */
export function useSearch(request: SearchRequest): CurrentSearch {
  const entry = useHistoryState<Partial<EntryState> | null>()?.search;
  // An address with a query counts as loading until its search has begun.
  const state = useSyncExternalStore(subscribe, () =>
    entry ? searchState(entry, request) : undefined,
  ) ?? { status: "loading", request };
  const [last, setLast] = useState<DoneSearch | null>(null);
  if (state.status === "done" && state !== last) setLast(state);

  // An effect would run a frame later.
  useLayoutEffect(() => {
    if (!entry) openSearch(request, true);
    else if (!searchState(entry, request)) startSearch(entry, request);
  }, [request, entry]);

  const submit = useCallback(
    (next: SearchRequest) => openSearch(next, searchAddress(next) === searchAddress(request)),
    [request],
  );
  const shown = state.status === "loading" ? last : null;
  return { state, shown: state.status === "done" ? state : shown, submit };
}
