import { useCallback, useEffect, useRef, useState } from "react";
import { isAbort } from "../api/problem";
import { fetchSummaries } from "../api/trace-summaries";
import { arrived, extended, loaded, MOST_ARRIVING, released, type TraceList } from "./list";
import { filterParams, PAGE_SIZE, type TracesRequest } from "./request";
import { usePolling } from "./use-polling";

export interface Traces {
  /** Of the former request until there is one of the new. */
  list: TraceList | null;
  error: unknown;
  loading: boolean;
  /** How often in a row the live update has failed. */
  failures: number;
  reload(): void;
  /** Puts in their place what waits. */
  release(): void;
  /** Fetches the next page; rejects where that fails. */
  showMore(): Promise<void>;
}

interface State {
  list: TraceList | null;
  error: unknown;
  loading: boolean;
}

/** The traces that a request asks for. While `isReading` says so, nothing moves by itself. */
export function useTraces(request: TracesRequest, isReading: () => boolean): Traces {
  const filter = filterParams(request).toString();
  const [round, setRound] = useState(0);
  const [state, setState] = useState<State>({ list: null, error: null, loading: true });
  const current = useRef<{ list: TraceList | null; filter: string }>({ list: null, filter });
  current.current = { list: state.loading ? null : state.list, filter };
  const shown = useRef(request.shown);
  shown.current = request.shown;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round loads again
  useEffect(() => {
    const controller = new AbortController();
    setState(({ list }) => ({ list, error: null, loading: true }));
    fetchSummaries(asking(filter, { limit: shown.current }), controller.signal).then(
      (answer) => setState({ list: loaded(answer), error: null, loading: false }),
      (error) => {
        if (!isAbort(error)) setState({ list: null, error, loading: false });
      },
    );
    return () => controller.abort();
  }, [filter, round]);

  const change = useCallback(
    (to: (list: TraceList) => TraceList) =>
      setState((now) => (now.list && !now.loading ? { ...now, list: to(now.list) } : now)),
    [],
  );
  const poll = useCallback(
    async (signal: AbortSignal) => {
      const { list } = current.current;
      if (!list) return;
      const params = asking(filter, { limit: MOST_ARRIVING, since: list.since });
      const answer = await fetchSummaries(params, signal);
      const held = isReading();
      change((list) => arrived(list, answer, held));
    },
    [filter, change, isReading],
  );
  const failures = usePolling(request.live && state.list !== null, poll);

  const showMore = async () => {
    const last = state.list?.rows.at(-1);
    if (!state.list || !last) return;
    // Those that began with the last one are listed again.
    const again = state.list.rows.filter(({ start }) => start === last.start).length;
    const params = asking(filter, { limit: PAGE_SIZE + again, end: last.start });
    const answer = await fetchSummaries(params);
    if (current.current.filter === filter) change((list) => extended(list, answer));
  };
  return {
    ...state,
    failures,
    reload: useCallback(() => setRound((value) => value + 1), []),
    release: () => change(released),
    showMore,
  };
}

function asking(filter: string, more: Record<string, number>): URLSearchParams {
  const params = new URLSearchParams(filter);
  for (const [name, value] of Object.entries(more)) params.set(name, String(value));
  return params;
}
