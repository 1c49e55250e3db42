import { expect, test } from "vitest";
import { neededShift, TOLERANCE_NS } from "../../src/trace/clock-skew";
import { prepare } from "../../src/trace/prepare";
import type { SpanKind } from "../../src/trace/recorded";
import { endOf, type SpanNode, type TimeRange, walk } from "../../src/trace/tree";
import { type SpanSketch, seeded, trace } from "./sketch";

const MS = 1_000_000;
const caller = { id: "client", at: 0, for: 100 * MS, kind: "client", service: "shop" } as const;
const called = { id: "server", parent: "client", kind: "server", service: "stock" } as const;

/** What is said of the clocks, and where the spans stand after a correction. */
function corrected(...sketches: SpanSketch[]) {
  const recorded = trace(...sketches);
  const before = prepare(recorded);
  const after = prepare(recorded, true);
  // What was recorded stands where it was recorded, whatever is said of it.
  for (const node of before.nodes.values()) expect(node.shift).toBe(0);
  return {
    skew: before.skew,
    moved: after.skew,
    shift: Object.fromEntries([...after.nodes].map(([id, { shift }]) => [id, shift])),
    duration: after.timeRange.duration,
  };
}

const NONE = { servers: 0, longer: 0, farthest: 0 };

test("a server span that starts too early is moved to its client's start, and no farther", () => {
  const { skew, shift } = corrected(caller, { ...called, at: -30 * MS, for: 20 * MS });
  expect(skew).toEqual({ servers: 1, longer: 0, farthest: 30 * MS });
  expect(shift).toEqual({ client: 0, server: 30 * MS });
});

test("one that ends too late is moved to its client's end, and no farther", () => {
  const { skew, shift, duration } = corrected(caller, { ...called, at: 90 * MS, for: 50 * MS });
  expect(skew).toEqual({ servers: 1, longer: 0, farthest: 40 * MS });
  expect(shift.server).toBe(-40 * MS);
  expect(duration).toBe(100 * MS);
});

test.each([
  ["a microsecond before its client", -1000, 10 * MS],
  ["as much as is tolerated before its client", -TOLERANCE_NS, 10 * MS],
  ["inside of its client", 30 * MS, 70 * MS],
  ["and ends a little after its client", 50 * MS, 50 * MS + TOLERANCE_NS],
  ["after its client has ended", 100 * MS + 1, MS],
  ["long after its client has ended", 10_000 * MS, 200 * MS],
  ["in time and outlasts a client that gave up", 20 * MS, 5000 * MS],
])("nothing is said of a server span that starts %s", (_, at, duration) => {
  const { skew, moved, shift } = corrected(caller, { ...called, at, for: duration });
  expect([skew, moved]).toEqual([NONE, NONE]);
  expect(shift.server).toBe(0);
});

test("a server span that fits in nowhere starts with its client, and is told apart", () => {
  const { skew, shift } = corrected(caller, { ...called, at: -50 * MS, for: 300 * MS });
  expect(skew).toEqual({ servers: 1, longer: 1, farthest: 50 * MS });
  expect(shift.server).toBe(50 * MS);
});

test.each<[SpanKind, SpanKind]>([
  ["producer", "consumer"],
  ["client", "consumer"],
  ["client", "internal"],
  ["client", "unspecified"],
  ["client", "client"],
  ["internal", "server"],
  ["unspecified", "server"],
  ["server", "server"],
])("between %s and %s clocks prove nothing", (parent, child) => {
  const { skew, moved } = corrected(
    { ...caller, kind: parent },
    { ...called, at: -500 * MS, for: 10 * MS, kind: child },
  );
  expect([skew, moved]).toEqual([NONE, NONE]);
});

test("spans of one process share a clock", () => {
  const { skew } = corrected(caller, { ...called, at: -50 * MS, for: MS, service: "shop" });
  expect(skew).toEqual(NONE);
});

test("what asks by attributes alone is no client and no server", () => {
  const kind = (value: string) => [{ key: "attribute.span.kind", type: "string", value } as const];
  const { skew } = corrected(
    { ...caller, kind: "internal", tags: kind("client") },
    { ...called, kind: "internal", at: -50 * MS, for: MS, tags: kind("server") },
  );
  expect(skew).toEqual(NONE);
});

test("spans below of the same process go along, and another process only as far as it must", () => {
  const { moved, shift } = corrected(
    caller,
    { ...called, at: -500 * MS, for: 80 * MS },
    { id: "call", parent: "server", at: -490 * MS, for: 40 * MS, kind: "client", service: "stock" },
    { id: "job", parent: "server", at: -450 * MS, for: 5 * MS, kind: "consumer", service: "mail" },
    { id: "third", parent: "call", at: 5 * MS, for: 20 * MS, kind: "server", service: "third" },
    { id: "inner", parent: "third", at: 6 * MS, for: MS, service: "third" },
    { id: "back", parent: "third", at: 7 * MS, for: MS, service: "stock" },
  );
  // The call starts at 10 ms now, and the third process 5 ms before it.
  expect(shift).toEqual({
    client: 0,
    server: 500 * MS,
    call: 500 * MS,
    job: 0,
    third: 5 * MS,
    inner: 5 * MS,
    back: 0,
  });
  expect(moved).toEqual({ servers: 2, longer: 0, farthest: 500 * MS });
});

test("a call that was answered in time stays so when its own process is moved", () => {
  const { shift } = corrected(
    caller,
    { ...called, at: 60 * MS, for: 90 * MS },
    { id: "call", parent: "server", at: 140 * MS, for: 2 * MS, kind: "client", service: "stock" },
    { id: "third", parent: "call", at: 141 * MS, for: MS, kind: "server", service: "third" },
  );
  // The call now ends at 92 ms, long before the third process starts by its own clock.
  expect(shift).toMatchObject({ server: -50 * MS, call: -50 * MS, third: -50 * MS });
});

const KINDS: SpanKind[] = ["client", "server", "client", "server", "internal", "producer"];

/** A trace of some services whose clocks differ by up to a second. */
function randomSketches(seed: number): SpanSketch[] {
  const next = seeded(seed);
  const clocks = Array.from({ length: 4 }, () => (next(3) === 0 ? next(2000 * MS) - 1000 * MS : 0));
  return Array.from({ length: 2 + next(40) }, (_, at) => {
    const service = next(clocks.length);
    return {
      id: `s${at}`,
      ...(at > 0 && { parent: `s${next(10) === 0 ? at - 1 : next(at)}` }),
      at: next(900 * MS) + (clocks[service] ?? 0),
      for: next(10) === 0 ? 0 : next(400 * MS),
      kind: KINDS[next(KINDS.length)] ?? "internal",
      service: `service-${service}`,
    };
  });
}

const isInside = (inner: TimeRange, outer: TimeRange) =>
  inner.start >= outer.start && endOf(inner) <= endOf(outer);
const movedBy = (range: TimeRange, by: number) => ({ ...range, start: range.start + by });
const isServerOfClient = ({ kind, span, parent }: SpanNode) =>
  kind === "server" && parent?.kind === "client" && parent.span?.processID !== span?.processID;

test("of random traces, every bar is drawn as it was recorded", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const sketches = randomSketches(seed);
    const { nodes, timeRange, skew } = prepare(trace(...sketches));
    const first = Math.min(...sketches.map(({ at }) => at));
    const last = Math.max(...sketches.map((sketch) => sketch.at + sketch.for));
    expect(nodes.size).toBe(sketches.length);
    expect(timeRange).toEqual({ start: 0, duration: last - first });
    for (const sketch of sketches) {
      expect(nodes.get(sketch.id)).toMatchObject({
        start: sketch.at - first,
        duration: sketch.for,
        shift: 0,
      });
    }
    const outside = [...nodes.values()].filter(
      (node) =>
        isServerOfClient(node) &&
        node.parent &&
        neededShift(node.parent, node) !== 0 &&
        node.start <= endOf(node.parent),
    );
    expect(skew.servers).toBe(outside.length);
  }
});

test("of random traces, a correction moves what it must, no farther, and nothing else", () => {
  let moves = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const { tree, skew } = prepare(trace(...randomSketches(seed)), true);
    let servers = 0;
    for (const node of walk(tree.roots)) {
      const { parent, shift } = node;
      const goesAlong = parent?.span?.processID === node.span?.processID;
      if (goesAlong) expect(shift).toBe(parent?.shift);
      if (goesAlong || shift === 0) continue;
      servers += 1;
      expect(isServerOfClient(node), `seed ${seed}: ${node.id}`).toBe(true);
      const client = parent as SpanNode;
      expect(Math.abs(shift)).toBeGreaterThan(TOLERANCE_NS);
      if (node.duration <= client.duration) {
        // It is inside, and was not yet a nanosecond before it got here.
        expect(isInside(node, client)).toBe(true);
        expect(isInside(movedBy(node, -Math.sign(shift)), client)).toBe(false);
      } else {
        expect(node.start).toBe(client.start);
        expect(shift).toBeGreaterThan(0);
      }
    }
    expect(skew.servers).toBe(servers);
    moves += servers;
  }
  expect(moves).toBeGreaterThan(200);
});

test("after a correction the path and the ruler go by what is drawn", () => {
  const { critical, timeRange } = prepare(
    trace(caller, { ...called, at: -500 * MS, for: 60 * MS }),
    true,
  );
  expect(timeRange.duration).toBe(100 * MS);
  expect(
    critical.sections.map(({ node, start, duration }) => [
      node.id,
      start - timeRange.start,
      duration,
    ]),
  ).toEqual([
    ["server", 0, 60 * MS],
    ["client", 60 * MS, 40 * MS],
  ]);
});
