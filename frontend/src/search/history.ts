import { useMemo } from "preact/hooks";
import { navigate, useSearch as useQueryString } from "wouter-preact/use-browser-location";
import { readSearchRequest, type SearchRequest, searchAddress } from "./address";

/** The state of a history entry of the search page. */
export interface EntryState {
  search: string;
}

/** The search that the address asks for, or null. */
export function useSearchRequest(): SearchRequest | null {
  const queryString = useQueryString();
  return useMemo(() => readSearchRequest(queryString), [queryString]);
}

/** Adds a history entry for a search, or replaces the current one. */
export function openSearch(request: SearchRequest, replace = false): void {
  const state: EntryState = { search: `${Date.now()}-${Math.random()}` };
  navigate(searchAddress(request), { replace, state });
}
