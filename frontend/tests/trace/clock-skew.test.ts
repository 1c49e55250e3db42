import { expect, test } from "vitest";
import { prepare } from "../../src/trace/prepare";
import { walk } from "../../src/trace/tree";
import { trace } from "./sketch";

const browser = "search-frontend";
const starts = (...sketches: Parameters<typeof trace>) => {
  const { tree, moved } = prepare(trace(...sketches));
  const nodes = [...walk(tree.roots)];
  return {
    moved,
    start: Object.fromEntries(nodes.map(({ id, start }) => [id, start])),
    shift: Object.fromEntries(nodes.map(({ id, shift }) => [id, shift])),
  };
};

test("a server's subtree from another time goes to the middle of its request", () => {
  const { moved, start, shift } = starts(
    { id: "request", at: 1000, for: 100, service: browser },
    { id: "server", parent: "request", at: 9000, for: 60 },
    { id: "search", parent: "server", at: 9010, for: 20 },
  );
  expect(moved).toBe(1);
  expect(start).toEqual({ request: 1000, server: 1020, search: 1030 });
  expect(shift).toEqual({ request: 0, server: -7980, search: -7980 });
});

test("a server that is longer than its request starts with it", () => {
  const { start } = starts(
    { id: "request", at: 1000, for: 50, service: browser },
    { id: "server", parent: "request", at: 10, for: 80 },
  );
  expect(start.server).toBe(1000);
});

test("what lies within, or only ends late, stays", () => {
  const { moved } = starts(
    { id: "request", at: 1000, for: 100, service: browser },
    { id: "server", parent: "request", at: 1010, for: 20 },
    { id: "tidy", parent: "request", at: 1090, for: 40 },
  );
  expect(moved).toBe(0);
});

test("spans of one process share a clock", () => {
  const { moved } = starts(
    { id: "a", at: 1000, for: 100 },
    { id: "b", parent: "a", at: 5000, for: 10 },
  );
  expect(moved).toBe(0);
});

test("a subtree inside of one that was moved goes with it, and further where it must", () => {
  const { moved, start, shift } = starts(
    { id: "request", at: 1000, for: 100, service: browser },
    { id: "server", parent: "request", at: 9000, for: 60 },
    { id: "call", parent: "server", at: 9010, for: 40 },
    { id: "third", parent: "call", at: 50, for: 20, service: "third" },
    { id: "inner", parent: "third", at: 55, for: 5, service: "third" },
  );
  expect(moved).toBe(2);
  expect(start).toEqual({ request: 1000, server: 1020, call: 1030, third: 1040, inner: 1045 });
  expect(shift).toMatchObject({ call: -7980, third: 990, inner: 990 });
});
