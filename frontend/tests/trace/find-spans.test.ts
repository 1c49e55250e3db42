import { expect, test } from "vitest";
import { findSpans, nextMatch } from "../../src/trace/find-spans";
import { prepare } from "../../src/trace/prepare";
import { trace } from "./sketch";

const sketched = trace(
  { id: "root", at: 0, for: 100, service: "search-frontend" },
  { id: "query", name: "SELECT books", parent: "root", at: 10, for: 10 },
  { id: "late", parent: "root", at: 50, for: 10 },
);
sketched.spans[1]?.tags.push(
  { key: "db.system", type: "string", value: "sqlite" },
  { key: "db.rows", type: "int64", value: 42 },
);
sketched.spans[2]?.logs.push({
  timestamp: 55,
  name: "exception",
  timeUnixNano: "55",
  droppedAttributesCount: 0,
  fields: [
    { key: "event", type: "string", value: "exception" },
    { key: "exception.type", type: "string", value: "TimeoutError" },
  ],
});
sketched.spans[2]?.links.push({
  traceID: "feed",
  spanID: "beef",
  traceState: "",
  attributes: [{ key: "messaging.batch", type: "int64", value: 7 }],
  droppedAttributesCount: 0,
  flags: 0,
  isRemote: null,
});
Object.assign(sketched.spans[0] ?? {}, { status: { code: "error", message: "gave up" } });
sketched.spans[0]?.tags.push(
  { key: "span.kind", type: "string", value: "internal" },
  { key: "attribute.error", name: "error", type: "string", value: "timeout" },
);
const { nodes } = prepare(sketched);
const found = (text: string) => findSpans(nodes.values(), text).map(({ id }) => id);

test.each([
  ["select", ["query"]],
  ["search-frontend", ["root"]],
  ["DB.System", ["query"]],
  ["db.rows=42", ["query"]],
  ["timeouterror", ["late"]],
  ["exception", ["late"]],
  ["event=exception", []],
  ["messaging.batch=7", ["late"]],
  ["beef", ["late"]],
  ["gave up", ["root"]],
  ["error=timeout", ["root"]],
  ["attribute.error", []],
  ["span.kind", []],
  [" late ", ["late"]],
  ["search", ["root", "query", "late"]],
  ["nowhere", []],
  ["  ", []],
])("%j is found in %j", (text, expected) => {
  expect(found(text)).toEqual(expected);
});

test("matches are gone through in both directions, round and round", () => {
  const matches = findSpans(nodes.values(), "search");
  const [first, second, third] = matches;
  expect(nextMatch(matches, null, false)).toBe(first);
  expect(nextMatch(matches, first ?? null, false)).toBe(second);
  expect(nextMatch(matches, third ?? null, false)).toBe(first);
  expect(nextMatch(matches, null, true)).toBe(third);
  expect(nextMatch(matches, third ?? null, true)).toBe(second);
  expect(nextMatch(matches, first ?? null, true)).toBe(third);
  expect(nextMatch([], first ?? null, false)).toBeUndefined();
});
