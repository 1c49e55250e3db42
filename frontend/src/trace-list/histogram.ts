import type { DurationBucket } from "../api/trace-list";

/** Traces of at least `from` and less than `to` microseconds. */
export type Bar = DurationBucket;

/** The server's buckets begin at these numbers in each decade. `JOINED` has ways to merge them. */
const STEPS = [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8];
const JOINED = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 2, 4, 6, 8], [0, 3, 7], [0]];

/** Adjacent bars from the shortest to the longest duration, as fine as `most` bars allow. */
export function barsOf(buckets: readonly DurationBucket[], most: number): Bar[] {
  const shortest = buckets[0];
  const longest = buckets.at(-1);
  if (!shortest || !longest) return [];
  const first = indexOf(shortest.from);
  const last = indexOf(longest.from);
  let bars: Bar[] = [];
  for (const starts of JOINED) {
    bars = emptyBars(starts, first, last);
    if (bars.length <= most) break;
  }
  for (const bucket of buckets) {
    const bar = bars.findLast(({ from }) => from <= bucket.from);
    if (!bar) continue;
    bar.traces += bucket.traces;
    bar.errors += bucket.errors;
  }
  return bars;
}

function emptyBars(starts: readonly number[], first: number, last: number): Bar[] {
  const edges: number[] = [];
  const begins = (index: number) => index < 0 || starts.includes(index % STEPS.length);
  let low = first;
  while (!begins(low)) low -= 1;
  let high = last + 1;
  while (!begins(high)) high += 1;
  for (let index = low; index <= high; index += 1) if (begins(index)) edges.push(edgeAt(index));
  return edges.slice(0, -1).map((from, at) => ({ from, to: edges[at + 1] ?? from, ...NONE }));
}

const NONE = { traces: 0, errors: 0 };

/** The index of a bucket; -1 for the one below a microsecond. */
function indexOf(from: number): number {
  return from < 1 ? -1 : Math.round(Math.log10(from) * STEPS.length);
}

function edgeAt(index: number): number {
  if (index < 0) return 0;
  const step = STEPS[index % STEPS.length] ?? 1;
  // In hundredths: 3.15 × 100 is not 315 in floating point.
  return (Math.round(step * 100) * 10 ** Math.floor(index / STEPS.length)) / 100;
}
