import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isAbort } from "../api/problem";
import { fetchSummaries, type SummariesRequest } from "../api/trace-list";
import { filterOf, PAGE_SIZE, type TraceListRequest } from "./address";
import { arrived, extended, loaded, MOST_ARRIVING, released, type TraceList } from "./list";
import { usePolling } from "./use-polling";

export interface LoadedTraceList {
  /** The list of the previous request until that of the new one has loaded. */
  list: TraceList | null;
  error: unknown;
  loading: boolean;
  /** The number of consecutive failures of the live update. */
  failures: number;
  reload(): void;
  /** Inserts the waiting traces. */
  release(): void;
  /** Fetches the next page. Rejects if that fails. */
  showMore(): Promise<void>;
}

interface State {
  list: TraceList | null;
  error: unknown;
  loading: boolean;
  /** The filter of the list. */
  of: string;
}

/** The traces that a request asks for. While `isReading` returns true, no rows are inserted. */
export function useTraceList(request: TraceListRequest, isReading: () => boolean): LoadedTraceList {
  const filter = JSON.stringify(filterOf(request));
  const [round, setRound] = useState(0);
  const [state, setState] = useState<State>({ list: null, error: null, loading: true, of: filter });
  const current = useRef<{ list: TraceList | null; filter: string }>({ list: null, filter });
  current.current = { list: state.loading ? null : state.list, filter };
  const shown = useRef(request.shown);
  shown.current = request.shown;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round loads again
  useLayoutEffect(() => {
    const controller = new AbortController();
    setState((before) => ({ ...before, error: null, loading: true }));
    fetchSummaries({ ...read(filter), limit: shown.current }, controller.signal).then(
      (answer) => setState({ list: loaded(answer), error: null, loading: false, of: filter }),
      (error) => {
        if (isAbort(error)) return;
        // The list stays when only loading it again has failed.
        setState(({ list, of }) => ({
          list: of === filter ? list : null,
          error,
          loading: false,
          of,
        }));
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
      const asked = { ...read(filter), limit: MOST_ARRIVING, since: list.since };
      const answer = await fetchSummaries(asked, signal);
      const held = isReading();
      change((list) => arrived(list, answer, held));
    },
    [filter, change, isReading],
  );
  const failures = usePolling(request.live && state.list !== null, poll);

  const showMore = async () => {
    const last = state.list?.rows.at(-1);
    if (!state.list || !last) return;
    // The API lists traces with the same start as the last row again.
    const again = state.list.rows.filter(({ start }) => start === last.start).length;
    const asked = { ...read(filter), limit: PAGE_SIZE + again, end: last.start };
    const answer = await fetchSummaries(asked);
    if (current.current.filter === filter) change((list) => extended(list, answer));
  };
  const { list, error, loading } = state;
  return {
    list,
    error,
    loading,
    failures,
    reload: useCallback(() => setRound((value) => value + 1), []),
    release: () => change(released),
    showMore,
  };
}

function read(filter: string): SummariesRequest {
  return JSON.parse(filter) as SummariesRequest;
}
