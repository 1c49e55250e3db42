import { getJson } from "./http";
import { ProblemError } from "./problem";
import { type Answer, apiUrl, type Query } from "./shapes";

/** The shapes of Jaeger's query API. Times are microseconds. */
type Traces = Answer<"/api/traces">;
export type Trace = Traces["data"][number];
export type Process = Trace["processes"][string];
export type Span = Trace["spans"][number];
export type Reference = Span["references"][number];
export type Log = Span["logs"][number];
export type Tag = Span["tags"][number];

/** The server keeps no traces of its own: they go to an OpenTelemetry endpoint. */
export class TraceStoreOffError extends Error {
  override readonly name = "TraceStoreOffError";
}

export async function fetchServices(signal?: AbortSignal): Promise<string[]> {
  try {
    return (await getJson<Answer<"/api/services">>("/api/services", signal)).data;
  } catch (error) {
    throw isNotFound(error) ? new TraceStoreOffError() : error;
  }
}

export async function fetchTraces(
  service: string,
  limit: number,
  signal?: AbortSignal,
): Promise<Trace[]> {
  const request: Query<"/api/traces"> = service ? { limit, service } : { limit };
  return (await getJson<Traces>(apiUrl("/api/traces", request), signal)).data;
}

/** The trace, or null while none of it has arrived. */
export async function fetchTrace(traceId: string, signal?: AbortSignal): Promise<Trace | null> {
  try {
    const path = `/api/traces/${encodeURIComponent(traceId)}`;
    return (await getJson<Answer<"/api/traces/{trace_id}">>(path, signal)).data[0] ?? null;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    // Both an unknown trace and a store that is off answer 404; the list of services tells which.
    await fetchServices(signal);
    return null;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 404;
}
