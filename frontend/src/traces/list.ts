import type { Durations, TraceSummaries, TraceSummary } from "../api/trace-summaries";
import { MOST_SHOWN } from "./request";

export interface TraceList {
  /** Those that started last come first. */
  rows: TraceSummary[];
  /** Arrived while the reader was not to be disturbed. */
  waiting: TraceSummary[];
  /** The ids of the rows that the last arrival added. */
  fresh: ReadonlySet<string>;
  matching: number;
  durations: Durations;
  since: number;
}

const NOTHING: ReadonlySet<string> = new Set();

export function loaded({ traces, matching, durations, since }: TraceSummaries): TraceList {
  return { rows: traces, waiting: [], fresh: NOTHING, matching, durations, since };
}

/** The traces that wait and are not in the list yet; the others have only grown. */
export function unseen({ rows, waiting }: TraceList): TraceSummary[] {
  const known = new Set(rows.map(({ trace_id }) => trace_id));
  return waiting.filter(({ trace_id }) => !known.has(trace_id));
}

export function hasMore(list: TraceList): boolean {
  return list.rows.length < MOST_SHOWN && list.rows.length + unseen(list).length < list.matching;
}

/** The list with what has arrived since: in its place at once, or waiting while it is `held`. */
export function arrived(list: TraceList, answer: TraceSummaries, held: boolean): TraceList {
  const { traces, matching, durations, since } = answer;
  const last = list.rows.at(-1);
  const isBelow = ({ start }: TraceSummary) => last !== undefined && start < last.start;
  // What began before the last row is left to "show more".
  const candidates = hasMore(list) ? traces.filter((trace) => !isBelow(trace)) : traces;
  const waiting = merged(list.waiting, candidates);
  const next = { ...list, waiting, matching, durations, since, fresh: NOTHING };
  return held ? next : released(next);
}

/** The list with what was waiting in its place. */
export function released(list: TraceList): TraceList {
  if (list.waiting.length === 0) return list;
  const fresh = new Set(unseen(list).map(({ trace_id }) => trace_id));
  const rows = merged(list.rows, list.waiting).slice(0, MOST_SHOWN);
  return { ...list, rows, waiting: [], fresh };
}

/** The list with what began before its last row. */
export function extended(list: TraceList, { traces }: TraceSummaries): TraceList {
  return { ...list, rows: merged(list.rows, traces).slice(0, MOST_SHOWN), fresh: NOTHING };
}

/** Both, each trace once: as it is in `newer`, which may know more spans of it. */
function merged(older: TraceSummary[], newer: TraceSummary[]): TraceSummary[] {
  const byId = new Map([...older, ...newer].map((trace) => [trace.trace_id, trace]));
  return [...byId.values()].sort((a, b) => b.start - a.start);
}
