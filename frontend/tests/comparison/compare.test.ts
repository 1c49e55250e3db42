import { expect, test } from "vitest";
import {
  type ComparedNode,
  compareTraces,
  inOrder,
  walkCompared,
} from "../../src/comparison/compare";
import { buildTree, walk } from "../../src/trace/tree";
import { type SpanSketch, trace } from "../trace/sketch";

const tree = (...spans: SpanSketch[]) => buildTree(trace(...spans));
const all = (nodes: ComparedNode[]) => [...walkCompared(nodes)];
const short = (nodes: ComparedNode[]) =>
  all(nodes).map(({ name, level, a, b, difference }) => [
    `${"-".repeat(level)}${name}`,
    a && [a.count, a.total],
    b && [b.count, b.total],
    difference,
  ]);

const root = { id: "r", name: "search", at: 0, for: 100 };
const snippet = (id: string, at: number, duration: number) => ({
  id,
  name: "snippet",
  parent: "r",
  at,
  for: duration,
});

test("a trace compared with itself differs in nothing", () => {
  const same = tree(root, snippet("a", 10, 20), snippet("b", 40, 30), {
    id: "c",
    parent: "a",
    at: 12,
    for: 0,
  });
  const compared = all(compareTraces(same, same));
  expect(compared.map(({ difference }) => difference)).toEqual([0, 0, 0]);
  expect(compared.map(({ ratio }) => ratio)).toEqual([1, 1, null]);
  for (const { a, b } of compared) expect(a).toEqual(b);
});

test("siblings of one name are taken together, with all that is below them", () => {
  const a = tree(root, snippet("a", 10, 20), snippet("b", 40, 30), {
    id: "x",
    name: "read",
    parent: "b",
    at: 41,
    for: 5,
  });
  const b = tree({ ...root, for: 150 }, snippet("a", 10, 25), {
    id: "x",
    name: "read",
    parent: "a",
    at: 11,
    for: 10,
  });
  expect(short(compareTraces(a, b))).toEqual([
    ["-search", [1, 100], [1, 150], 50],
    ["--snippet", [2, 50], [1, 25], -25],
    ["---read", [1, 5], [1, 10], 5],
  ]);
  expect(all(compareTraces(a, b)).map(({ ratio }) => ratio)).toEqual([1.5, 0.5, 2]);
});

test("what one of them lacks stands where it is in the other", () => {
  const step = (name: string, at: number) => ({ id: name, parent: "r", at, for: 1 });
  const a = tree(root, step("one", 1), step("two", 2), step("four", 4));
  const b = tree(root, step("zero", 0), step("one", 1), step("three", 3), step("four", 4));
  const compared = compareTraces(a, b);
  expect(all(compared).map(({ name }) => name)).toEqual([
    "search",
    "zero",
    "one",
    "three",
    "two",
    "four",
  ]);
  expect(short(compared)[3]).toEqual(["--three", null, [1, 1], 1]);
  expect(short(compared)[4]).toEqual(["--two", [1, 1], null, -1]);
});

test("the same name of another service is another place", () => {
  const a = tree({ ...root, service: "search-frontend" });
  const b = tree({ ...root, service: "search-backend" });
  expect(all(compareTraces(a, b)).map(({ service }) => service)).toEqual([
    "search-backend",
    "search-frontend",
  ]);
});

test("spans whose parent is missing are aligned all the same", () => {
  const orphan = (parent: string) => tree({ id: "o", name: "late", parent, at: 0, for: 5 });
  expect(short(compareTraces(orphan("m1"), orphan("m2")))).toEqual([
    ["-", [0, 5], [0, 5], 0],
    ["--late", [1, 5], [1, 5], 0],
  ]);
});

test("a request alone is compared with where the page made one", () => {
  const page = tree(
    { id: "p", name: "page", at: 0, for: 100, service: "search-frontend" },
    { id: "h", name: "http", parent: "p", at: 5, for: 50, service: "search-frontend" },
    { id: "s", name: "search", parent: "h", at: 10, for: 30 },
    { id: "i", name: "index", parent: "s", at: 12, for: 10 },
  );
  const alone = tree({ id: "s", name: "search", at: 0, for: 20 });
  expect(short(compareTraces(page, alone))).toEqual([
    ["-page", [1, 100], null, -100],
    ["--http", [1, 50], null, -50],
    ["---search", [1, 30], [1, 20], -10],
    ["----index", [1, 10], null, -10],
  ]);
  expect(short(compareTraces(alone, page))).toEqual([
    ["-page", null, [1, 100], 100],
    ["--http", null, [1, 50], 50],
    ["---search", [1, 20], [1, 30], 10],
    ["----index", null, [1, 10], 10],
  ]);
});

test("errors are counted", () => {
  const a = tree(root, { ...snippet("a", 1, 1), error: true }, snippet("b", 2, 1));
  expect(all(compareTraces(a, tree(root)))[1]?.a?.errors).toBe(1);
});

test("the largest differences come first, to either side", () => {
  const a = tree(root, { id: "fast", parent: "r", at: 1, for: 40 });
  const b = tree({ ...root, for: 110 }, { id: "fast", parent: "r", at: 1, for: 5 });
  const names = (order: "tree" | "difference") =>
    inOrder(compareTraces(a, b), order).map(({ name }) => name);
  expect(names("tree")).toEqual(["search", "fast"]);
  expect(names("difference")).toEqual(["fast", "search"]);
});

/** A repeatable tree of spans that have few names, so that many of them meet. */
function grown(seed: number): SpanSketch[] {
  let state = seed;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
  return Array.from({ length: 1 + next(40) }, (_, at) => ({
    id: `s${at}`,
    name: `name${next(3)}`,
    service: `service${next(2)}`,
    at: next(1000),
    for: next(500),
    ...(at > 0 && { parent: next(10) === 0 ? `missing${next(2)}` : `s${next(at)}` }),
    error: next(5) === 0,
  }));
}

test.each(Array.from({ length: 30 }, (_, seed) => seed))("nothing is lost or doubled (%i)", (n) => {
  const [a, b] = [tree(...grown(n)), tree(...grown(n + 100))];
  const compared = all(compareTraces(a, b));
  expect(new Set(compared.map(({ key }) => key)).size).toBe(compared.length);
  for (const [side, whole] of [["a", a] as const, ["b", b] as const]) {
    const sides = compared.map((node) => node[side]);
    const counted = (what: "count" | "errors" | "total") =>
      sides.reduce((sum, one) => sum + (one?.[what] ?? 0), 0);
    const nodes = [...walk(whole.roots)];
    expect(counted("count")).toBe(whole.spanCount);
    expect(counted("errors")).toBe(nodes.filter(({ error }) => error).length);
    expect(counted("total")).toBe(nodes.reduce((sum, { duration }) => sum + duration, 0));
  }
  const swapped = all(compareTraces(b, a));
  const differences = new Map(swapped.map(({ key, difference }) => [key, difference]));
  for (const { key, difference } of compared)
    expect(difference + (differences.get(key) ?? 1)).toBe(0);
});
