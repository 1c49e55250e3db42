import { useEffect, useState } from "react";
import type { Trace } from "../api/traces";
import { type Arrival, traceArrivals } from "./arrival";
import { type PreparedTrace, prepare } from "./prepare";

export interface TraceView {
  prepared: PreparedTrace | null;
  settled: boolean;
  whole: boolean;
  error: unknown;
}

const NOTHING_YET: TraceView = { prepared: null, settled: false, whole: false, error: null };

/** A trace as it comes in. `isWhole` must be a stable function. */
export function useTrace(traceId: string, isWhole: (trace: Trace) => boolean): TraceView {
  const [view, setView] = useState(NOTHING_YET);
  useEffect(() => {
    const controller = new AbortController();
    const show = (next: TraceView) => {
      if (!controller.signal.aborted) setView(next);
    };
    setView(NOTHING_YET);
    const read = async () => {
      for await (const arrival of traceArrivals(traceId, isWhole, controller.signal)) {
        show(viewOf(arrival));
      }
    };
    read().catch((error) => show({ ...NOTHING_YET, settled: true, error }));
    return () => controller.abort();
  }, [traceId, isWhole]);
  return view;
}

function viewOf({ trace, settled, whole }: Arrival): TraceView {
  return { prepared: trace && prepare(trace), settled, whole, error: null };
}
