import { useCallback, useLayoutEffect, useState } from "preact/hooks";
import { isAbort } from "./problem";

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  loading: boolean;
  reload(): void;
}

/** Data stays when only loading it again has failed. */
interface State<T> {
  data: T | null;
  error: unknown;
  loading: boolean;
  /** The `load` that returned the data. */
  by: unknown;
}

/**
 * Loads on mount, when `load` changes (it must be stable), and on demand. In a layout effect, since
 * an effect would run a frame later.
 */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<State<T>>({
    data: null,
    error: null,
    loading: true,
    by: null,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round loads again
  useLayoutEffect(() => {
    const controller = new AbortController();
    setState((before) => ({ ...before, error: null, loading: true }));
    load(controller.signal).then(
      (data) => setState({ data, error: null, loading: false, by: load }),
      (error) => {
        if (isAbort(error)) return;
        setState(({ data, by }) =>
          by === load
            ? { data, error, loading: false, by }
            : { data: null, error, loading: false, by: null },
        );
      },
    );
    return () => controller.abort();
  }, [load, round]);
  const { data, error, loading } = state;
  return { data, error, loading, reload: useCallback(() => setRound((value) => value + 1), []) };
}
