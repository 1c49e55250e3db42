import { expect, test } from "vitest";
import { arrived, extended, hasMore, loaded, released, unseen } from "../../src/trace-list/list";
import { answer, summary } from "./summaries";

const ids = (traces: { trace_id: string }[]) => traces.map(({ trace_id }) => trace_id).join("");
const list = loaded(answer([summary("c", 30), summary("b", 20)]));

test("new traces come in their place and are marked", () => {
  const next = arrived(list, answer([summary("e", 50), summary("d", 25)], 4), false);
  expect(ids(next.rows)).toBe("ecdb");
  expect([...next.fresh].sort()).toEqual(["d", "e"]);
  expect(next.matching).toBe(4);
  expect(arrived(next, answer([], 4), false).fresh.size).toBe(0);
});

test("a trace that has grown is no new one", () => {
  const next = arrived(list, answer([summary("b", 20, { spans: 9 })]), false);
  expect(ids(next.rows)).toBe("cb");
  expect(next.rows[1]?.spans).toBe(9);
  expect(next.fresh.size).toBe(0);
});

test("a trace whose first span comes late moves to where it began", () => {
  const next = arrived(list, answer([summary("c", 10)]), false);
  expect(ids(next.rows)).toBe("bc");
});

test("while someone reads, what arrives waits", () => {
  const once = arrived(list, answer([summary("d", 40), summary("c", 30, { spans: 2 })], 3), true);
  expect(once.rows).toBe(list.rows);
  expect(ids(unseen(once))).toBe("d");
  const twice = arrived(once, answer([summary("e", 50), summary("d", 40, { spans: 5 })], 4), true);
  expect(ids(unseen(twice))).toBe("ed");
  const shown = released(twice);
  expect(ids(shown.rows)).toBe("edcb");
  expect(shown.rows.map(({ spans }) => spans)).toEqual([1, 5, 2, 1]);
  expect(shown.waiting).toEqual([]);
  expect([...shown.fresh]).toEqual(["e", "d"]);
  expect(ids(arrived(twice, answer([], 4), false).rows)).toBe("edcb");
});

test("what began before the last row is left to the button that shows more", () => {
  const partial = { ...list, matching: 9 };
  expect(hasMore(partial)).toBe(true);
  expect(ids(arrived(partial, answer([summary("a", 10)], 10), false).rows)).toBe("cb");
  expect(hasMore(list)).toBe(false);
  expect(ids(arrived(list, answer([summary("a", 10)], 3), false).rows)).toBe("cba");
});

test("more rows follow, each trace once", () => {
  const more = extended({ ...list, matching: 4 }, answer([summary("b", 20), summary("a", 10)], 3));
  expect(ids(more.rows)).toBe("cba");
  expect(more.matching).toBe(4);
  expect(hasMore(more)).toBe(true);
});

test("traces that wait are not those that the button would show", () => {
  const held = arrived(list, answer([summary("d", 40)], 3), true);
  expect(hasMore(held)).toBe(false);
});

const some = (count: number, first: number) =>
  Array.from({ length: count }, (_, at) => summary(`x${first + at}`, 100 + first + at)).reverse();

test("a list that is followed for long does not grow for ever", () => {
  let followed = list;
  for (let first = 0; first < 1500; first += 100) {
    followed = arrived(followed, answer(some(100, first), first + 102), false);
  }
  expect(followed.rows).toHaveLength(1000);
  expect(followed.rows[0]?.trace_id).toBe("x1499");
});

test("where more arrives than is asked for, no gap is left below it", () => {
  const next = arrived(list, answer(some(200, 300), 502), false);
  expect(next.rows).toHaveLength(200);
  expect(next.rows.at(-1)?.trace_id).toBe("x300");
  expect(hasMore(next)).toBe(true);
  const held = arrived(
    arrived(list, answer(some(200, 300), 502), true),
    answer(some(9, 600)),
    true,
  );
  expect(held.rows).toBe(list.rows);
  expect(released(held).rows).toHaveLength(209);
  expect(ids(released(held).rows)).not.toContain("b");
});
