import { getJson } from "./http";
import { type Answer, apiUrl, type Query } from "./shapes";
import { traceStoreError } from "./trace";

/** Times are microseconds. */
export type TraceSummaries = Answer<"/api/trace-summaries">;
export type SummariesRequest = Query<"/api/trace-summaries">;
export type TraceSummary = TraceSummaries["traces"][number];
export type Durations = TraceSummaries["durations"];
/** Traces of at least `from` and less than `to`. */
export type DurationBucket = Durations["histogram"][number];

export async function fetchSummaries(
  request: SummariesRequest,
  signal?: AbortSignal,
): Promise<TraceSummaries> {
  try {
    return await getJson<TraceSummaries>(apiUrl("/api/trace-summaries", request), signal);
  } catch (error) {
    throw traceStoreError(error);
  }
}

export async function fetchServices(signal?: AbortSignal): Promise<string[]> {
  try {
    return (await getJson<Answer<"/api/services">>("/api/services", signal)).data;
  } catch (error) {
    throw traceStoreError(error);
  }
}

export async function fetchOperations(service: string, signal?: AbortSignal): Promise<string[]> {
  const path = `/api/services/${encodeURIComponent(service)}/operations`;
  return (await getJson<Answer<"/api/services/{service}/operations">>(path, signal)).data;
}
