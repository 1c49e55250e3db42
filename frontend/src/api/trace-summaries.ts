import { getJson } from "./http";
import { ProblemError } from "./problem";
import { TraceStoreOffError } from "./traces";

/** Times are microseconds. */
export interface TraceSummary {
  trace_id: string;
  name: string;
  query: string | null;
  services: { name: string; spans: number }[];
  spans: number;
  errors: number;
  /** Since 1970. */
  start: number;
  duration: number;
}

/** Traces of at least `from` and less than `to`. */
export interface DurationBucket {
  from: number;
  to: number;
  traces: number;
  errors: number;
}

export interface Durations {
  median: number | null;
  p95: number | null;
  /** Of the traces that match but for their duration. */
  histogram: DurationBucket[];
}

export interface TraceSummaries {
  traces: TraceSummary[];
  matching: number;
  durations: Durations;
  /** To be given back to be told of what arrives next. */
  since: number;
}

export async function fetchSummaries(
  params: URLSearchParams,
  signal?: AbortSignal,
): Promise<TraceSummaries> {
  try {
    return await getJson<TraceSummaries>(`/api/trace-summaries?${params}`, signal);
  } catch (error) {
    const isOff = error instanceof ProblemError && error.problem.status === 404;
    throw isOff ? new TraceStoreOffError() : error;
  }
}

export async function fetchOperations(service: string, signal?: AbortSignal): Promise<string[]> {
  const path = `/api/services/${encodeURIComponent(service)}/operations`;
  return (await getJson<{ data: string[] }>(path, signal)).data;
}
