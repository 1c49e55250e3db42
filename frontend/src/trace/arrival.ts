import { fetchTrace, type Trace } from "../api/traces";
import type { TraceRef } from "../search/run";
import { parentOf, tagOf } from "./tree";

const INTERVAL_MS = 250;
const PATIENCE_MS = 5000;

export interface Arrival {
  /** The same object as before when nothing has come. */
  trace: Trace | null;
  /** Nothing seems to be missing any more. */
  whole: boolean;
  /** Nothing more is awaited. */
  settled: boolean;
}

/**
 * Reads a trace while its spans come in, until it is whole and has stopped growing or patience
 * ends. `isWhole` says what else must be there.
 */
export async function* traceArrivals(
  traceId: string,
  isWhole: (trace: Trace) => boolean,
  signal: AbortSignal,
): AsyncGenerator<Arrival> {
  const deadline = performance.now() + PATIENCE_MS;
  let trace = null as Trace | null;
  while (!signal.aborted) {
    const fetched: Trace | null = await fetchTrace(traceId, signal);
    const grown = fetched?.spans.length !== trace?.spans.length;
    if (grown) trace = fetched;
    const whole = trace !== null && !grown && hasAllParents(trace) && isWhole(trace);
    const settled = whole || performance.now() > deadline;
    yield { trace, whole, settled };
    if (settled) return;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

/** What must be there before a search's trace is whole. */
export function wholeFor({ fromBrowser, fromServer }: TraceRef): (trace: Trace) => boolean {
  if (!fromServer) return hasBrowserRoot;
  return fromBrowser ? hasBothSides : hasServerSpan;
}

export function hasServerSpan(trace: Trace): boolean {
  return trace.spans.some((span) => tagOf(span, "span.kind") === "server");
}

export function hasBothSides(trace: Trace): boolean {
  return hasBrowserRoot(trace) && hasServerSpan(trace);
}

function hasBrowserRoot(trace: Trace): boolean {
  return trace.spans.some((span) => span.operationName === "frontend_search");
}

function hasAllParents(trace: Trace): boolean {
  const ids = new Set(trace.spans.map(({ spanID }) => spanID));
  return trace.spans.every((span) => ids.has(parentOf(span) ?? span.spanID));
}
