import { expect, test } from "vitest";
import { barsOf } from "../../src/trace-list/histogram";

const STEPS = [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8, 10];
const bucket = (from: number, traces = 1, errors = 0) => {
  const scale = 10 ** Math.floor(Math.log10(from) + 1e-9);
  const at = STEPS.findIndex((step) => Math.abs(step * scale - from) < scale / 100);
  return { from, to: (STEPS[at + 1] ?? 0) * scale, traces, errors };
};
const sum = (values: { traces: number }[]) => values.reduce((all, { traces }) => all + traces, 0);

test("no traces, no bars", () => {
  expect(barsOf([], 24)).toEqual([]);
});

test("close durations have fine bars, without a gap", () => {
  expect(barsOf([bucket(1000, 3, 1), bucket(1600, 2)], 24)).toEqual([
    { from: 1000, to: 1250, traces: 3, errors: 1 },
    { from: 1250, to: 1600, traces: 0, errors: 0 },
    { from: 1600, to: 2000, traces: 2, errors: 0 },
  ]);
});

test("the wider the range, the coarser the bars", () => {
  const edges = (most: number, ...buckets: ReturnType<typeof bucket>[]) =>
    barsOf(buckets, most).map(({ from }) => from);
  const from1To80 = [bucket(1250), bucket(80_000)];
  expect(edges(24, ...from1To80)).toEqual([
    1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000, 10_000, 12_500, 16_000, 20_000, 25_000,
    31_500, 40_000, 50_000, 63_000, 80_000,
  ]);
  expect(edges(12, ...from1To80)).toEqual([
    1000, 1600, 2500, 4000, 6300, 10_000, 16_000, 25_000, 40_000, 63_000,
  ]);
  expect(edges(6, ...from1To80)).toEqual([1000, 2000, 5000, 10_000, 20_000, 50_000]);
  expect(edges(3, ...from1To80)).toEqual([1000, 10_000]);
  expect(edges(1, ...from1To80)).toEqual([1000, 10_000]);
});

test.each([1, 3, 6, 12, 24, 99])("with %i bars at most each trace is counted once", (most) => {
  const buckets = [bucket(1.25, 2), bucket(315, 5, 2), bucket(8000, 7), bucket(6_300_000, 11)];
  const bars = barsOf(buckets, most);
  expect(sum(bars)).toBe(25);
  expect(bars.reduce((all, { errors }) => all + errors, 0)).toBe(2);
  for (const [at, bar] of bars.entries()) {
    expect(bar.to).toBeGreaterThan(bar.from);
    if (at > 0) expect(bar.from).toBe(bars[at - 1]?.to);
    const inside = buckets.filter(({ from, to }) => bar.from <= from && to <= bar.to);
    expect(bar.traces, String(bar.from)).toBe(sum(inside));
  }
});

test("below a microsecond there is one bar", () => {
  const bars = barsOf([{ from: 0, to: 1, traces: 4, errors: 0 }, bucket(2)], 24);
  expect(bars[0]).toEqual({ from: 0, to: 1, traces: 4, errors: 0 });
  expect(bars.at(-1)).toEqual({ from: 2, to: 2.5, traces: 1, errors: 0 });
});
