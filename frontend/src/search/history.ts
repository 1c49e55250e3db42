import { useMemo } from "preact/hooks";
import { navigate, useSearch as useQueryString } from "wouter-preact/use-browser-location";
import { readSearchRequest, type SearchRequest, searchAddress } from "./address";

/** What a history entry of the search page holds besides its address. */
export interface EntryState {
  search: string;
}

/** What the address asks for; null where it asks for nothing. */
export function useSearchRequest(): SearchRequest | null {
  const queryString = useQueryString();
  return useMemo(() => readSearchRequest(queryString), [queryString]);
}

/** Makes a history entry of its own for a search, or renews the current one. */
export function openSearch(request: SearchRequest, replace = false): void {
  const state: EntryState = { search: `${Date.now()}-${Math.random()}` };
  navigate(searchAddress(request), { replace, state });
}
