import type { TraceSummaries, TraceSummary } from "../../src/api/trace-list";

/** The summary of a trace that started so many microseconds after 1970. */
export function summary(id: string, start: number, more: Partial<TraceSummary> = {}): TraceSummary {
  return {
    trace_id: id,
    name: "frontend_search",
    root_span_id: "00f067aa0ba902b7",
    query: null,
    services: [{ name: "search-frontend", spans: 1 }],
    spans: 1,
    errors: 0,
    start,
    duration: 1000,
    ...more,
  };
}

export function answer(traces: TraceSummary[], matching = traces.length): TraceSummaries {
  return { traces, matching, since: 1, durations: { median: 1000, p95: 1000, histogram: [] } };
}
