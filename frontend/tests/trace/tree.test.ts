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

test("no span is lost in a circle", () => {
  const { roots } = buildTree(
    trace(
      { id: "a", parent: "b", at: 0, for: 1 },
      { id: "b", parent: "a", at: 1, for: 1 },
      { id: "c", parent: "b", at: 2, for: 1 },
      { id: "self", parent: "self", at: 3, for: 1 },
    ),
  );
  expect(sketch(roots)).toEqual([
    { "missing-b": ["a"] },
    { "missing-a": [{ b: ["c"] }] },
    { "missing-self": ["self"] },
  ]);
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
  const { roots, spanCount, missingParents } = buildTree(trace(...tail, ...circle));
  expect(spanCount).toBe(2 * count);
  expect(missingParents).toBe(count);
  expect([...walk(roots)].filter(({ span }) => span)).toHaveLength(2 * count);
});
