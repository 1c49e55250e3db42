// @vitest-environment jsdom
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { get, getJson } from "../../src/api/http";
import { ProblemError, UnreachableError } from "../../src/api/problem";
import { installTracer, newTrace, span } from "../../src/telemetry/span";
import { recordSpans, spanNamed } from "../telemetry/recorder";

const fetchMock = vi.fn<typeof fetch>();
let exporter = recordSpans();
beforeEach(() => {
  exporter = recordSpans();
  vi.stubGlobal("fetch", fetchMock.mockReset());
});
afterEach(() => installTracer(null));

const sentHeaders = () => fetchMock.mock.lastCall?.[1]?.headers;

test("a request of a trace has a span, which the server's can join", async () => {
  fetchMock.mockResolvedValue(new Response("{}"));
  await span(newTrace(), "frontend_search", {}, (parent) => get("/search?q=love", { parent }));
  const request = spanNamed(exporter, "http_request");
  const { traceId, spanId } = request.spanContext();
  expect(sentHeaders()).toEqual({
    accept: "application/json",
    traceparent: `00-${traceId}-${spanId}-01`,
  });
  expect(request.kind).toBe(SpanKind.CLIENT);
  expect(request.parentSpanContext?.spanId).toBe(
    spanNamed(exporter, "frontend_search").spanContext().spanId,
  );
  expect(request.attributes).toEqual({
    "http.request.method": "GET",
    "url.full": "http://localhost:3000/search?q=love",
    "server.address": "localhost",
    "server.port": 3000,
    "http.response.status_code": 200,
  });
});

test("one of no trace has none, and says nothing of one", async () => {
  fetchMock.mockResolvedValue(Response.json({ books: [] }));
  expect(await getJson("/books")).toEqual({ books: [] });
  expect(sentHeaders()).toEqual({ accept: "application/json" });
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test("an error answer is an answer to who asks for any, and an error to who asks for JSON", async () => {
  fetchMock.mockImplementation(async () => Response.json({ title: "Gone" }, { status: 410 }));
  await span(newTrace(), "frontend_search", {}, async (parent) => {
    expect((await get("/books/1", { parent })).response.status).toBe(410);
  });
  const { status, attributes } = spanNamed(exporter, "http_request");
  expect(status.code).toBe(SpanStatusCode.ERROR);
  expect(attributes["error.type"]).toBe("410");
  await expect(getJson("/books/1")).rejects.toThrow(ProblemError);
});

test("that nobody answers is told apart from an abort", async () => {
  fetchMock.mockRejectedValue(new TypeError("Failed to fetch"));
  await expect(get("/books")).rejects.toThrow(UnreachableError);
  const aborted = new DOMException("gone", "AbortError");
  fetchMock.mockRejectedValue(aborted);
  await expect(getJson("/books", AbortSignal.abort())).rejects.toBe(aborted);
});
