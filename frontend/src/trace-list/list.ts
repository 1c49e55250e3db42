import type { Durations, TraceSummaries, TraceSummary } from "../api/trace-list";
import { MOST_SHOWN } from "./address";

/** The limit of one request of the live update. */
export const MOST_ARRIVING = 200;

/** The unit of the API's times, in nanoseconds. */
export const MICROSECOND = 1000;

export interface TraceList {
  /** The latest start first. */
  rows: TraceSummary[];
  /** Traces that arrived while the reader was using the list. */
  waiting: TraceSummary[];
  /** More arrived than one request returns: between this time and older rows, some are missing. */
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

/** The waiting traces that are not in the list yet. The others are updates of rows. */
export function unseen({ rows, waiting }: TraceList): TraceSummary[] {
  const known = new Set(rows.map(({ trace_id }) => trace_id));
  return waiting.filter(({ trace_id }) => !known.has(trace_id));
}

export function hasMore(list: TraceList): boolean {
  return list.rows.length < MOST_SHOWN && list.rows.length + unseen(list).length < list.matching;
}

/**
 * The list with the traces that have arrived since, at most `MOST_ARRIVING`. They are inserted at
 * once, or wait while the list is `held`.
 */
export function arrived(list: TraceList, answer: TraceSummaries, held: boolean): TraceList {
  const { traces, matching, durations, since } = answer;
  const last = list.rows.at(-1);
  const isBelow = ({ start }: TraceSummary) => last !== undefined && start < last.start;
  // Traces that began before the last row are left to "show more".
  const candidates = hasMore(list) ? traces.filter((trace) => !isBelow(trace)) : traces;
  const first = traces.at(-1);
  const isCut = traces.length >= MOST_ARRIVING && first !== undefined;
  const gapBefore = isCut ? Math.max(list.gapBefore, first.start) : list.gapBefore;
  const waiting = merged(list.waiting, candidates).filter(({ start }) => start >= gapBefore);
  const next = { ...list, waiting, gapBefore, matching, durations, since, fresh: NOTHING };
  return held ? next : released(next);
}

/** The list with the waiting traces inserted. */
export function released(list: TraceList): TraceList {
  if (list.waiting.length === 0) return list;
  const fresh = new Set(unseen(list).map(({ trace_id }) => trace_id));
  const kept = list.rows.filter(({ start }) => start >= list.gapBefore);
  const rows = merged(kept, list.waiting).slice(0, MOST_SHOWN);
  return { ...list, rows, waiting: [], gapBefore: 0, fresh };
}

/** The list with older traces appended. */
export function extended(list: TraceList, { traces }: TraceSummaries): TraceList {
  return { ...list, rows: merged(list.rows, traces).slice(0, MOST_SHOWN), fresh: NOTHING };
}

/** Both lists, each trace once. `newer` takes precedence: it may have more spans. */
function merged(older: TraceSummary[], newer: TraceSummary[]): TraceSummary[] {
  const byId = new Map([...older, ...newer].map((trace) => [trace.trace_id, trace]));
  return [...byId.values()].sort((a, b) => b.start - a.start);
}
