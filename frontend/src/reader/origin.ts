/** Where a reader came from: the results that a search's history entry shows. */
export interface Origin {
  address: string;
  search: string | undefined;
}

/** The results that a history entry of the reader leads back to; null where there are none. */
export function resultsOf(state: unknown): Origin | null {
  if (typeof state !== "object" || state === null || !("results" in state)) return null;
  return state.results as Origin;
}
