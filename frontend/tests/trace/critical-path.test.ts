import { expect, test } from "vitest";
import { criticalPath, criticalTime, drawnSections } from "../../src/trace/critical-path";
import { prepare } from "../../src/trace/prepare";
import { buildTree, endOf } from "../../src/trace/tree";
import { type SpanSketch, seeded, trace } from "./sketch";

const path = (...sketches: SpanSketch[]) =>
  criticalPath(buildTree(trace(...sketches))).sections.map(
    ({ node, start, duration }) => `${node.id} ${start}-${start + duration}`,
  );

test("the path goes back from the end through the child that ended last", () => {
  expect(
    path(
      { id: "a", at: 0, for: 100 },
      { id: "b", parent: "a", at: 20, for: 20 },
      { id: "c", parent: "a", at: 50, for: 40 },
      { id: "d", parent: "c", at: 60, for: 10 },
    ),
  ).toEqual(["a 0-20", "b 20-40", "a 40-50", "c 50-60", "d 60-70", "c 70-90", "a 90-100"]);
});

test("of children side by side the last to end counts, and what ended before it began", () => {
  expect(
    path(
      { id: "a", at: 0, for: 100 },
      { id: "short", parent: "a", at: 10, for: 60 },
      { id: "long", parent: "a", at: 40, for: 50 },
      { id: "first", parent: "a", at: 5, for: 20 },
    ),
  ).toEqual(["a 0-5", "first 5-25", "a 25-40", "long 40-90", "a 90-100"]);
});

test("children that follow at once by a coarse clock are all on it", () => {
  expect(
    path(
      { id: "a", at: 0, for: 30 },
      { id: "b", parent: "a", at: 0, for: 10 },
      { id: "c", parent: "a", at: 10, for: 20 },
    ),
  ).toEqual(["b 0-10", "c 10-30"]);
});

test("what goes on after its parent counts as long as the parent lasts", () => {
  expect(
    path(
      { id: "a", at: 0, for: 100 },
      { id: "async", parent: "a", at: 60, for: 500 },
      { id: "inside", parent: "async", at: 80, for: 400 },
      { id: "after", parent: "a", at: 120, for: 10 },
    ),
  ).toEqual(["a 0-60", "async 60-80", "inside 80-100"]);
});

test("nobody waits for messages", () => {
  expect(
    path(
      { id: "a", at: 0, for: 100 },
      { id: "sent", parent: "a", at: 60, for: 40, kind: "producer" },
      { id: "taken", parent: "sent", at: 70, for: 20, kind: "consumer" },
    ),
  ).toEqual(["a 0-100"]);
});

test("the trace's root is looked at, and what stands in for its parent", () => {
  expect(
    path(
      { id: "root", at: 5, for: 10 },
      { id: "other", at: 0, for: 50 },
      { id: "orphan", parent: "gone", at: 0, for: 900 },
    ),
  ).toEqual(["root 5-15"]);
  expect(
    path({ id: "x", parent: "gone", at: 0, for: 10 }, { id: "y", parent: "gone", at: 20, for: 10 }),
  ).toEqual(["x 0-10", "missing-gone 10-20", "y 20-30"]);
  expect(path()).toEqual([]);
});

test("each span's time on it is told", () => {
  const { critical } = prepare(
    trace(
      { id: "request", at: 1000, for: 100 },
      { id: "work", parent: "request", at: 1010, for: 60 },
    ),
  );
  expect(criticalTime(critical, "request")).toBe(40);
  expect(criticalTime(critical, "nobody")).toBe(0);
});

test("a chain as deep as a trace can be has a path", () => {
  const sketches = Array.from({ length: 20_000 }, (_, at) => ({
    id: `s${at}`,
    ...(at > 0 && { parent: `s${at - 1}` }),
    at,
    for: 40_000 - 2 * at,
  }));
  expect(criticalPath(buildTree(trace(...sketches))).sections).toHaveLength(39_999);
});

test("sections are in order, without gaps, inside the root, and as long as it", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const next = seeded(seed);
    const count = 1 + next(40);
    const sketches: SpanSketch[] = Array.from({ length: count }, (_, at) => ({
      id: `s${at}`,
      ...(at > 0 && { parent: next(10) === 0 ? "gone" : `s${next(at)}` }),
      at: next(1000),
      for: at === 0 ? 1 + next(1000) : next(500),
      service: `service-${next(3)}`,
    }));
    for (const { tree, critical } of [
      prepare(trace(...sketches)),
      { tree: buildTree(trace(...sketches)), critical: null },
    ]) {
      const { sections, bySpan, duration } = critical ?? criticalPath(tree);
      const root = tree.roots.find(({ id }) => id === "s0");
      expect(sections[0]?.start, `seed ${seed}`).toBe(root?.start);
      for (const [index, section] of sections.entries()) {
        expect(section.duration).toBeGreaterThan(0);
        expect(section.start).toBeGreaterThanOrEqual(section.node.start);
        expect(endOf(section)).toBeLessThanOrEqual(endOf(section.node));
        const after = sections[index + 1];
        if (after) expect(after.start).toBe(endOf(section));
      }
      const last = sections.at(-1);
      expect(last && root && endOf(last)).toBe(root && endOf(root));
      expect(duration).toBe(root?.duration);
      const times = [...bySpan.values()].flat().reduce((sum, one) => sum + one.duration, 0);
      expect(times).toBe(duration);
    }
  }
});

test("sections too close to tell apart are drawn as one", () => {
  const { sections } = criticalPath(
    buildTree(
      trace(
        { id: "a", at: 0, for: 1000 },
        { id: "b", parent: "a", at: 100, for: 1 },
        { id: "c", parent: "a", at: 300, for: 400 },
      ),
    ),
  );
  const own = sections.filter(({ node }) => node.id === "a");
  expect(drawnSections(own, 2)).toEqual([
    { start: 0, duration: 300 },
    { start: 700, duration: 300 },
  ]);
  expect(drawnSections(own, 1)).toHaveLength(3);
});
