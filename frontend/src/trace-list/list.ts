import type { Durations, TraceSummaries, TraceSummary } from "../api/trace-list";
import { MOST_SHOWN } from "./address";

/** As many as a live list asks for at once. */
export const MOST_ARRIVING = 200;

export interface TraceList {
  /** Those that started last come first. */
  rows: TraceSummary[];
  /** Arrived while the reader was not to be disturbed. */
  waiting: TraceSummary[];
  /** So much arrived that rows which began before this would follow a gap. */
  gapBefore: number;
  /** The ids of the rows that the last arrival added. */
  fresh: ReadonlySet<string>;
  matching: number;
  durations: Durations;
  since: number;
}

const NOTHING: ReadonlySet<string> = new Set();

export function loaded({ traces, matching, durations, since }: TraceSummaries): TraceList {
  return { rows: traces, waiting: [], gapBefore: 0, fresh: NOTHING, matching, durations, since };
}

/** The traces that wait and are not in the list yet; the others have only grown. */
export function unseen({ rows, waiting }: TraceList): TraceSummary[] {
  const known = new Set(rows.map(({ trace_id }) => trace_id));
  return waiting.filter(({ trace_id }) => !known.has(trace_id));
}

export function hasMore(list: TraceList): boolean {
  return list.rows.length < MOST_SHOWN && list.rows.length + unseen(list).length < list.matching;
}

/**
 * The list with the latest `MOST_ARRIVING` that have arrived since: in their place at once, or
 * waiting while it is `held`.
 */
export function arrived(list: TraceList, answer: TraceSummaries, held: boolean): TraceList {
  const { traces, matching, durations, since } = answer;
  const last = list.rows.at(-1);
  const isBelow = ({ start }: TraceSummary) => last !== undefined && start < last.start;
  // What began before the last row is left to "show more".
  const candidates = hasMore(list) ? traces.filter((trace) => !isBelow(trace)) : traces;
  const first = traces.at(-1);
  const isCut = traces.length >= MOST_ARRIVING && first !== undefined;
  const gapBefore = isCut ? Math.max(list.gapBefore, first.start) : list.gapBefore;
  const waiting = merged(list.waiting, candidates).filter(({ start }) => start >= gapBefore);
  const next = { ...list, waiting, gapBefore, matching, durations, since, fresh: NOTHING };
  return held ? next : released(next);
}

/** The list with what was waiting in its place. */
export function released(list: TraceList): TraceList {
  if (list.waiting.length === 0) return list;
  const fresh = new Set(unseen(list).map(({ trace_id }) => trace_id));
  const kept = list.rows.filter(({ start }) => start >= list.gapBefore);
  const rows = merged(kept, list.waiting).slice(0, MOST_SHOWN);
  return { ...list, rows, waiting: [], gapBefore: 0, fresh };
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
