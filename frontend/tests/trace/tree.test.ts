import { expect, test } from "vitest";
import { buildTree, type SpanNode, walk } from "../../src/trace/tree";
import { trace } from "./sketch";

const sketch = (nodes: SpanNode[]): unknown[] =>
  nodes.map(({ id, children }) => (children.length > 0 ? { [id]: sketch(children) } : id));

test("children hang on their parents, in the order of their starts", () => {
  const { roots, spanCount, missingParents } = buildTree(
    trace(
      { id: "late", parent: "root", at: 50, for: 10 },
      { id: "early", parent: "root", at: 10, for: 10 },
      { id: "leaf", parent: "early", at: 12, for: 1 },
      { id: "root", at: 0, for: 100 },
    ),
  );
  expect(sketch(roots)).toEqual([{ root: [{ early: ["leaf"] }, "late"] }]);
  expect(spanCount).toBe(4);
  expect(missingParents).toBe(0);
});

test("of two that start at once by a coarse clock, the shorter was first", () => {
  const { roots } = buildTree(
    trace(
      { id: "long", parent: "root", at: 10, for: 20 },
      { id: "short", parent: "root", at: 10, for: 0 },
      { id: "root", at: 0, for: 100 },
    ),
  );
  expect(sketch(roots)).toEqual([{ root: ["short", "long"] }]);
});

test("orphans gather under a stand-in as long as they are", () => {
  const { roots, spanCount, missingParents } = buildTree(
    trace(
      { id: "a", parent: "gone", at: 20, for: 10 },
      { id: "b", parent: "gone", at: 10, for: 5 },
      { id: "root", at: 0, for: 5 },
    ),
  );
  expect(sketch(roots)).toEqual(["root", { "missing-gone": ["b", "a"] }]);
  expect(roots[1]).toMatchObject({ span: null, start: 10, duration: 20 });
  expect(spanCount).toBe(3);
  expect(missingParents).toBe(1);
});

test("links to other spans are no parents", () => {
  const linked = trace({ id: "a", at: 0, for: 1 });
  linked.spans[0]?.references.push({ refType: "FOLLOWS_FROM", traceID: "other", spanID: "x" });
  expect(buildTree(linked).missingParents).toBe(0);
});

test("a span that came twice is shown once", () => {
  const tree = buildTree(trace({ id: "a", at: 0, for: 1 }, { id: "a", at: 0, for: 1 }));
  expect(sketch(tree.roots)).toEqual(["a"]);
  expect(tree.spanCount).toBe(1);
});

test("no span is lost in a circle, which is cut open where it starts", () => {
  const circular = trace(
    { id: "a", parent: "b", at: 1, for: 1 },
    { id: "b", parent: "a", at: 0, for: 1 },
    { id: "c", parent: "b", at: 2, for: 1 },
    { id: "self", parent: "self", at: 3, for: 1 },
    { id: "below", parent: "self", at: 4, for: 1 },
  );
  const { roots, cycles, missingParents } = buildTree({ ...circular, rootSpanID: null });
  expect(sketch(roots)).toEqual([{ b: ["a", "c"] }, { self: ["below"] }]);
  expect(cycles.map(({ cut, spans }) => [cut.id, spans])).toEqual([
    ["b", 2],
    ["self", 1],
  ]);
  expect(missingParents).toBe(0);
});

test("a circle that holds the trace's root is cut open there", () => {
  const circular = trace(
    { id: "a", parent: "b", at: 0, for: 9 },
    { id: "b", parent: "a", at: 0, for: 1 },
  );
  const { roots, root } = buildTree({ ...circular, rootSpanID: "a" });
  expect(sketch(roots)).toEqual([{ a: ["b"] }]);
  expect(root?.id).toBe("a");
});

test("long circles, and what hangs on them, are taken apart in one go", () => {
  const count = 5000;
  const circle = Array.from({ length: count }, (_, at) => ({
    id: `c${at}`,
    parent: `c${(at + 1) % count}`,
    at,
    for: 1,
  }));
  const tail = Array.from({ length: count }, (_, at) => ({
    id: `t${at}`,
    parent: at > 0 ? `t${at - 1}` : "c0",
    at,
    for: 1,
  }));
  const { roots, spanCount, missingParents, cycles } = buildTree(trace(...tail, ...circle));
  expect(spanCount).toBe(2 * count);
  expect(missingParents).toBe(0);
  expect(cycles.map(({ spans }) => spans)).toEqual([count]);
  expect([...walk(roots)]).toHaveLength(2 * count);
});

test("times are exact to the nanosecond, since the first span's start", () => {
  const { origin, roots } = buildTree(
    trace({ id: "a", at: 0, for: 2_400 }, { id: "b", parent: "a", at: 101, for: 450 }),
  );
  expect(origin).toBe(1_750_000_000_000_000_001n);
  expect(roots[0]).toMatchObject({ start: 0, duration: 2_400 });
  expect(roots[0]?.children[0]).toMatchObject({ start: 101, duration: 450 });
});

test("errors and kinds are the span's own, whatever its attributes are called", () => {
  const tag = (key: string, value: string | boolean) =>
    ({ key: `attribute.${key}`, name: key, type: "string", value }) as const;
  const { roots } = buildTree(
    trace(
      { id: "said", at: 0, for: 9, tags: [tag("error", true), tag("span.kind", "server")] },
      { id: "failed", at: 1, for: 1, error: true, kind: "client", tags: [tag("error", false)] },
    ),
  );
  expect(roots.map(({ id, error, kind }) => [id, error, kind])).toEqual([
    ["said", false, "internal"],
    ["failed", true, "client"],
  ]);
});
