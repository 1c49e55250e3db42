import { useCallback, useEffect, useState } from "react";
import { isAbort } from "./problem";

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  loading: boolean;
  reload(): void;
}

/** Loads on mount, on a change of `load` (which must be stable), and on demand. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<Omit<Loaded<T>, "reload">>({
    data: null,
    error: null,
    loading: true,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round loads again
  useEffect(() => {
    const controller = new AbortController();
    setState(({ data }) => ({ data, error: null, loading: true }));
    load(controller.signal).then(
      (data) => setState({ data, error: null, loading: false }),
      (error) => {
        if (!isAbort(error)) setState({ data: null, error, loading: false });
      },
    );
    return () => controller.abort();
  }, [load, round]);
  return { ...state, reload: useCallback(() => setRound((value) => value + 1), []) };
}
