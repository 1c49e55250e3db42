import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followWallClock, now } from "../../src/telemetry/clock";
import { installTracer, newTrace, span, traceHeaders } from "../../src/telemetry/span";
import { millis, recordSpans, spanNamed, treeOf } from "./recorder";

let exporter = recordSpans();
beforeEach(() => {
  exporter = recordSpans();
});
afterEach(() => installTracer(null));

const tick = () => new Promise((resolve) => setTimeout(resolve, 2));

test("children hang on the context they are given", async () => {
  await span(newTrace(), "frontend_search", {}, async (context) => {
    await span(context, "api_request_execute", {}, async (context) => {
      await span(context, "http_request", {}, tick, "client");
      await span(context, "parse_response", {}, tick);
    });
    await span(context, "update_ui_final", {}, tick);
  });
  expect(treeOf(exporter)).toEqual([
    "frontend_search",
    "  api_request_execute",
    "    http_request",
    "    parse_response",
    "  update_ui_final",
  ]);
  expect(spanNamed(exporter, "http_request").kind).toBe(SpanKind.CLIENT);
  expect(spanNamed(exporter, "parse_response").kind).toBe(SpanKind.INTERNAL);
});

test("interleaved searches stay two traces", async () => {
  const search = () =>
    span(newTrace(), "frontend_search", {}, async (context) => {
      await tick();
      await span(context, "http_request", {}, tick);
    });
  await Promise.all([search(), search()]);
  const traceIds = exporter.getFinishedSpans().map((each) => each.spanContext().traceId);
  expect(new Set(traceIds).size).toBe(2);
  expect(treeOf(exporter)).toEqual([
    "frontend_search",
    "  http_request",
    "frontend_search",
    "  http_request",
  ]);
});

test("times are finer than a millisecond, and children lie within their parents", async () => {
  const before = now();
  await span(newTrace(), "frontend_search", {}, async (context) => {
    for (let round = 0; round < 20; round += 1) await span(context, "http_request", {}, tick);
  });
  const after = now();
  const root = spanNamed(exporter, "frontend_search");
  const children = exporter.getFinishedSpans().filter((each) => each !== root);
  // Nanoseconds are rounded on the way through the SDK.
  const rounding = 0.001;
  expect(millis(root.startTime)).toBeGreaterThanOrEqual(before - rounding);
  expect(millis(root.endTime)).toBeLessThanOrEqual(after + rounding);
  for (const child of children) {
    expect(millis(child.startTime)).toBeGreaterThanOrEqual(millis(root.startTime));
    expect(millis(child.endTime)).toBeLessThanOrEqual(millis(root.endTime));
  }
  expect(children.some((child) => child.startTime[1] % 1e6 !== 0)).toBe(true);
});

test("a thrown error marks the span and goes on, without an exception event", async () => {
  const failure = span(newTrace(), "parse_response", {}, () => JSON.parse("<html>"));
  await expect(failure).rejects.toThrow(SyntaxError);
  const { attributes, status, events } = spanNamed(exporter, "parse_response");
  expect(attributes).toEqual({ "error.type": "SyntaxError" });
  expect(status.code).toBe(SpanStatusCode.ERROR);
  expect(events).toEqual([]);
});

test("headers carry the span's own ids", async () => {
  await span(newTrace(), "http_request", {}, (context, { traceId }) => {
    expect(traceHeaders(context)).toEqual({
      traceparent: expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`)),
    });
  });
});

test("without tracing, work is done all the same", async () => {
  installTracer(null);
  const result = await span(newTrace(), "frontend_search", {}, (context, root) => {
    root.set({ "search.results_count": 1 });
    root.fail("400");
    expect(traceHeaders(context)).toEqual({});
    return span(context, "http_request", {}, () => root.traceId);
  });
  expect(result).toBe("");
});

test("a search that began untraced stays untraced when tracing arrives", async () => {
  installTracer(null);
  await span(newTrace(), "frontend_search", {}, async (context) => {
    exporter = recordSpans();
    await span(context, "http_request", {}, tick);
  });
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test("the clock follows the wall after the machine has slept", () => {
  const hour = 3_600_000;
  const wall = Date.now() + hour;
  vi.spyOn(Date, "now").mockReturnValue(wall);
  followWallClock();
  expect(Math.abs(now() - wall)).toBeLessThan(100);
  vi.restoreAllMocks();
  followWallClock();
  expect(Math.abs(now() - Date.now())).toBeLessThan(100);
});
