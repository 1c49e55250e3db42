import { getJson } from "./http";
import { ProblemError } from "./problem";

/** The shapes of Jaeger's query API. Times are microseconds. */
export interface Tag {
  key: string;
  type: string;
  value: string | number | boolean;
}

export interface Reference {
  refType: "CHILD_OF" | "FOLLOWS_FROM";
  traceID: string;
  spanID: string;
}

export interface Log {
  timestamp: number;
  fields: Tag[];
}

export interface Span {
  traceID: string;
  spanID: string;
  operationName: string;
  references: Reference[];
  startTime: number;
  duration: number;
  tags: Tag[];
  logs: Log[];
  processID: string;
  warnings: string[] | null;
}

export interface Process {
  serviceName: string;
  tags: Tag[];
}

export interface Trace {
  traceID: string;
  spans: Span[];
  processes: Record<string, Process>;
}

interface Data<T> {
  data: T;
}

/** The server keeps no traces of its own: they go to an OpenTelemetry endpoint. */
export class TraceStoreOffError extends Error {
  override readonly name = "TraceStoreOffError";
}

export async function fetchServices(signal?: AbortSignal): Promise<string[]> {
  try {
    return (await getJson<Data<string[]>>("/api/services", signal)).data;
  } catch (error) {
    throw isNotFound(error) ? new TraceStoreOffError() : error;
  }
}

export async function fetchTraces(
  service: string,
  limit: number,
  signal?: AbortSignal,
): Promise<Trace[]> {
  const params = new URLSearchParams({ limit: String(limit) });
  if (service) params.set("service", service);
  return (await getJson<Data<Trace[]>>(`/api/traces?${params}`, signal)).data;
}

/** The trace, or null while none of it has arrived. */
export async function fetchTrace(traceId: string, signal?: AbortSignal): Promise<Trace | null> {
  try {
    const path = `/api/traces/${encodeURIComponent(traceId)}`;
    return (await getJson<Data<Trace[]>>(path, signal)).data[0] ?? null;
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
