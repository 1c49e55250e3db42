import { useCallback, useLayoutEffect, useMemo, useState } from "preact/hooks";
import type { Trace } from "../api/trace";
import { traceArrivals } from "./arrival";
import { type PreparedTrace, prepare } from "./prepare";

interface Arrived {
  trace: Trace | null;
  settled: boolean;
  complete: boolean;
  error: unknown;
}

export interface ReloadableTrace extends Omit<Arrived, "trace"> {
  prepared: PreparedTrace | null;
  /** Turns the correction of clock skew on or off. It is off at first. */
  correct(corrects: boolean): void;
  reload(): void;
}

const NOTHING_YET: Arrived = { trace: null, settled: false, complete: false, error: null };

/** A trace while its spans arrive. `isComplete` must be a stable function. */
export function useTrace(traceId: string, isComplete: (trace: Trace) => boolean): ReloadableTrace {
  const [round, setRound] = useState(0);
  const [{ trace, ...arrived }, setArrived] = useState(NOTHING_YET);
  const [corrects, setCorrects] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round reads again
  useLayoutEffect(() => {
    const controller = new AbortController();
    const show = (next: Arrived) => {
      if (!controller.signal.aborted) setArrived(next);
    };
    setArrived(NOTHING_YET);
    setCorrects(false);
    let last = NOTHING_YET;
    const read = async () => {
      for await (const arrival of traceArrivals(traceId, isComplete, controller.signal)) {
        last = { ...arrival, error: null };
        show(last);
      }
    };
    read().catch((error) => show({ ...last, settled: true, error }));
    return () => controller.abort();
  }, [traceId, isComplete, round]);
  const prepared = useMemo(() => trace && prepare(trace, corrects), [trace, corrects]);
  const reload = useCallback(() => setRound((value) => value + 1), []);
  return { ...arrived, prepared, correct: setCorrects, reload };
}
