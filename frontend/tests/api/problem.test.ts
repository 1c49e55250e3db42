import { expect, test } from "vitest";
import {
  isAbort,
  isBusy,
  isGone,
  ProblemError,
  readProblem,
  readRetryAfter,
} from "../../src/api/problem";

const answer = (type: string, status = 503) =>
  new Response(null, { status, statusText: "Unavailable", headers: { "content-type": type } });

test("a problem document is taken as it is, but for its status", () => {
  const body = JSON.stringify({ title: "Busy", status: 200, detail: "Later.", trace_id: "ab" });
  expect(readProblem(answer("application/problem+json"), body)).toEqual({
    type: "about:blank",
    title: "Busy",
    status: 503,
    detail: "Later.",
    trace_id: "ab",
  });
});

test("a proxy's page, or a broken document, is told by its status", () => {
  const fallback = { type: "about:blank", title: "Unavailable", status: 503 };
  expect(readProblem(answer("text/html"), "<h1>503</h1>")).toEqual(fallback);
  expect(readProblem(answer("application/problem+json"), "{")).toEqual(fallback);
});

test("an error knows its type, and an abort is told apart", () => {
  const error = new ProblemError({
    type: "about:blank",
    title: "Bad Request",
    status: 400,
    detail: "Empty query.",
  });
  expect(error.errorType).toBe("400");
  expect(error.message).toBe("Empty query.");
  expect(isAbort(error)).toBe(false);
  expect(isAbort(new DOMException("gone", "AbortError"))).toBe(true);
});

test("a busy server says when to ask again", () => {
  const wait = (value?: string) =>
    readRetryAfter(new Response("", { headers: value ? { "Retry-After": value } : {} }));
  expect(wait("2")).toBe(2);
  expect([wait(), wait("soon"), wait("-1"), wait("99999")]).toEqual([null, null, null, null]);
  const busy = new ProblemError({ type: "/docs#search-busy", title: "Busy", status: 503 }, 2);
  expect([isBusy(busy), isGone(busy)]).toEqual([true, false]);
});
