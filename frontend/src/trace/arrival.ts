import { fetchTrace, type Trace } from "../api/trace";
import { parentOf } from "./recorded";

const INTERVAL_MS = 250;
const TIMEOUT_MS = 5000;

export interface Arrival {
  /** The same object as before if no span has arrived since. */
  trace: Trace | null;
  /** No span seems to be missing. */
  complete: boolean;
  /** No further spans are awaited. */
  settled: boolean;
}

/**
 * Polls a trace while its spans arrive, until it is complete and has stopped growing, or until the
 * timeout. `isComplete` adds a condition of the caller's.
 */
export async function* traceArrivals(
  traceId: string,
  isComplete: (trace: Trace) => boolean,
  signal: AbortSignal,
): AsyncGenerator<Arrival> {
  const deadline = performance.now() + TIMEOUT_MS;
  let trace = null as Trace | null;
  while (!signal.aborted) {
    const fetched: Trace | null = await fetchTrace(traceId, signal);
    const grown = fetched?.spans.length !== trace?.spans.length;
    if (grown) trace = fetched;
    const complete = trace !== null && !grown && hasAllParents(trace) && isComplete(trace);
    const settled = complete || performance.now() > deadline;
    yield { trace, complete, settled };
    if (settled) return;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

function hasAllParents(trace: Trace): boolean {
  const ids = new Set(trace.spans.map(({ spanID }) => spanID));
  return trace.spans.every((span) => ids.has(parentOf(span) ?? span.spanID));
}
