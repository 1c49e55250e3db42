import { useMemo } from "preact/hooks";
import { navigate, useSearch as useQueryString } from "wouter-preact/use-browser-location";
import { addressOf, readRequest, type SearchRequest } from "./request";

/** What a history entry of the search page holds besides its address. */
export interface EntryState {
  search: string;
}

/** What the address asks for; null where it asks for nothing. */
export function useRequest(): SearchRequest | null {
  const queryString = useQueryString();
  return useMemo(() => readRequest(queryString), [queryString]);
}

/** Makes a history entry of its own for a search, or renews the current one. */
export function openSearch(request: SearchRequest, replace = false): void {
  const state: EntryState = { search: `${Date.now()}-${Math.random()}` };
  navigate(addressOf(request), { replace, state });
}
