import { getJson, getText } from "./http";
import { isProblem } from "./problem";
import type { Answer } from "./shapes";

/** The shapes of Jaeger's query API, with fields that Jaeger does not have. */
export type Trace = Answer<"/api/traces">["data"][number];
export type Process = Trace["processes"][string];
export type Span = Trace["spans"][number];
export type Scope = Trace["scopes"][string];
export type Log = Span["logs"][number];
export type Tag = Span["tags"][number];

/** The server stores no traces: it sends them to an OpenTelemetry endpoint. */
export class TraceStoreOffError extends Error {
  override readonly name = "TraceStoreOffError";
}

/** The trace, or null while none of it has arrived. */
export async function fetchTrace(traceId: string, signal?: AbortSignal): Promise<Trace | null> {
  try {
    const answer = await getJson<Answer<"/api/traces/{trace_id}">>(tracePath(traceId), signal);
    return answer.data[0] ?? null;
  } catch (error) {
    if (isProblem(error, "/docs#no-such-trace")) return null;
    throw traceStoreError(error);
  }
}

/** The path of the trace as OTLP/JSON, with everything in the store. */
export function otlpPath(traceId: string): string {
  return `${tracePath(traceId)}/otlp`;
}

/** That, as text. */
export function fetchOtlp(traceId: string): Promise<string> {
  return getText(otlpPath(traceId));
}

function tracePath(traceId: string): string {
  return `/api/traces/${encodeURIComponent(traceId)}`;
}

/** `TraceStoreOffError` for that problem, else the error itself. */
export function traceStoreError(error: unknown): unknown {
  return isProblem(error, "/docs#trace-store-off") ? new TraceStoreOffError() : error;
}
