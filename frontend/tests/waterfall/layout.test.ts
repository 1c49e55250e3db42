import { expect, test } from "vitest";
import { prepare } from "../../src/trace/prepare";
import { buildTree, timeRangeOf } from "../../src/trace/tree";
import { labelSide, layout, placeIn, ticks } from "../../src/waterfall/layout";
import { trace } from "../trace/sketch";

const tree = buildTree(
  trace(
    { id: "root", at: 1000, for: 200 },
    { id: "a", parent: "root", at: 1050, for: 100 },
    { id: "a1", parent: "a", at: 1060, for: 10, error: true },
    { id: "b", parent: "root", at: 1150, for: 50 },
  ),
);

test("rows know their place in the tree", () => {
  expect(layout(tree, new Set())).toMatchObject([
    { node: { id: "root" }, level: 1, position: 1, setSize: 1, expanded: true },
    { node: { id: "a" }, level: 2, position: 1, setSize: 2, expanded: true },
    { node: { id: "a1" }, level: 3, expanded: null },
    { node: { id: "b" }, level: 2, position: 2, setSize: 2, expanded: null },
  ]);
});

test("a collapsed row hides its children, but not that one failed", () => {
  const rows = layout(tree, new Set(["a"]));
  expect(rows.map(({ node }) => node.id)).toEqual(["root", "a", "b"]);
  expect(rows[1]).toMatchObject({ expanded: false, node: { errorBelow: true } });
  expect(rows[2]).toMatchObject({ node: { errorBelow: false } });
});

test("a chain as long as a trace can be is laid out", () => {
  const ids = Array.from({ length: 20_000 }, (_, at) => `s${at}`);
  const chain = trace(
    ...ids.map((id, at) => ({ id, ...(at > 0 && { parent: `s${at - 1}` }), at, for: 50_000 - at })),
  );
  const { tree } = prepare(chain);
  const rows = layout(tree, new Set());
  expect(rows.map(({ node }) => node.id)).toEqual(ids);
  expect(rows.at(-1)?.level).toBe(20_000);
});

test("a bar has its place in the time that is shown", () => {
  const whole = timeRangeOf(tree);
  expect(whole).toEqual({ start: 0, duration: 200 });
  expect(placeIn(whole, { start: 50, duration: 100 })).toEqual({
    left: 0.25,
    width: 0.5,
    beyond: null,
    cutLeft: false,
    cutRight: false,
  });
  const view = { start: 100, duration: 50 };
  expect(placeIn(view, { start: 50, duration: 100 })).toMatchObject({
    left: 0,
    width: 1,
    cutLeft: true,
    cutRight: false,
  });
  expect(placeIn(view, { start: 0, duration: 200 })).toMatchObject({ cutRight: true });
  expect(placeIn(view, { start: 60, duration: 10 })).toMatchObject({ beyond: "before" });
  expect(placeIn(view, { start: 151, duration: 10 })).toMatchObject({ beyond: "after" });
});

test("a trace without duration has bars as well", () => {
  const point = timeRangeOf(buildTree(trace({ id: "point", at: 5, for: 0 })));
  expect(placeIn(point, { start: 0, duration: 0 })).toMatchObject({ left: 0, width: 0 });
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
  [3, [0, 1, 2, 3]],
  [0, [0]],
])("a ruler of %d ns has round steps", (duration, expected) => {
  expect(ticks(duration, 5)).toEqual(expected);
});
