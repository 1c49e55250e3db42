import { useCallback, useLayoutEffect, useState } from "preact/hooks";
import type { Trace } from "../api/trace";
import { traceArrivals } from "./arrival";
import { type PreparedTrace, prepare } from "./prepare";

export interface TraceView {
  prepared: PreparedTrace | null;
  settled: boolean;
  complete: boolean;
  error: unknown;
}

interface ReloadableTrace extends TraceView {
  reload(): void;
}

const NOTHING_YET: TraceView = { prepared: null, settled: false, complete: false, error: null };

/** A trace while its spans arrive. `isComplete` must be a stable function. */
export function useTrace(traceId: string, isComplete: (trace: Trace) => boolean): ReloadableTrace {
  const [round, setRound] = useState(0);
  const [view, setView] = useState(NOTHING_YET);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round reads again
  useLayoutEffect(() => {
    const controller = new AbortController();
    const show = (next: TraceView) => {
      if (!controller.signal.aborted) setView(next);
    };
    setView(NOTHING_YET);
    let last = NOTHING_YET;
    const read = async () => {
      let seen: Trace | null = null;
      const arrivals = traceArrivals(traceId, isComplete, controller.signal);
      for await (const { trace, settled, complete } of arrivals) {
        const prepared = trace === seen ? last.prepared : trace && prepare(trace);
        seen = trace;
        last = { prepared, settled, complete, error: null };
        show(last);
      }
    };
    read().catch((error) => show({ ...last, settled: true, error }));
    return () => controller.abort();
  }, [traceId, isComplete, round]);
  return { ...view, reload: useCallback(() => setRound((value) => value + 1), []) };
}
