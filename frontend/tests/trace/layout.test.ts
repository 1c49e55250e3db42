import { expect, test } from "vitest";
import { labelSide, layout, ticks } from "../../src/trace/layout";
import { buildTree } from "../../src/trace/tree";
import { trace } from "./traces";

const tree = buildTree(
  trace(
    { id: "root", at: 1000, for: 200 },
    { id: "a", parent: "root", at: 1050, for: 100 },
    { id: "a1", parent: "a", at: 1060, for: 10, error: true },
    { id: "b", parent: "root", at: 1150, for: 50 },
  ),
);

test("rows know their place in the tree and in time", () => {
  expect(layout(tree, new Set())).toMatchObject([
    { node: { id: "root" }, level: 1, position: 1, setSize: 1, expanded: true, left: 0, width: 1 },
    { node: { id: "a" }, level: 2, position: 1, setSize: 2, left: 0.25, width: 0.5 },
    { node: { id: "a1" }, level: 3, expanded: null, hiddenError: false },
    { node: { id: "b" }, level: 2, position: 2, setSize: 2, left: 0.75, width: 0.25 },
  ]);
});

test("a collapsed row hides its children, but not that one failed", () => {
  const rows = layout(tree, new Set(["a"]));
  expect(rows.map(({ node }) => node.id)).toEqual(["root", "a", "b"]);
  expect(rows[1]).toMatchObject({ expanded: false, hiddenError: true });
});

test("a trace without duration has rows as well", () => {
  const [row] = layout(buildTree(trace({ id: "point", at: 5, for: 0 })), new Set());
  expect(row).toMatchObject({ left: 0, width: 0 });
});

test.each([
  [0, 0.5, "after"],
  [0.7, 0.3, "before"],
  [0, 1, "inside"],
  [0.1, 0.85, "inside"],
])("a bar from %d, %d long, has its label %s", (left, width, side) => {
  expect(labelSide(left, width)).toBe(side);
});

test.each([
  [350_000, [0, 100_000, 200_000, 300_000]],
  [1000, [0, 200, 400, 600, 800, 1000]],
  [0, [0]],
])("a ruler of %d µs has round steps", (duration, expected) => {
  expect(ticks(duration, 5)).toEqual(expected);
});
