// @vitest-environment jsdom
import { ROOT_CONTEXT, SpanKind } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace";
import { afterEach, expect, test } from "vitest";
import { sampledShare, samplerOf } from "../../src/telemetry/sampling";
import { installTracer, newTrace, span, traceHeaders } from "../../src/telemetry/span";
import { recordSpans } from "./recorder";

afterEach(() => {
  document.head.innerHTML = "";
  installTracer(null);
});

const decide = (share: number, traceId: string) =>
  samplerOf(share).shouldSample(ROOT_CONTEXT, traceId, "x", SpanKind.INTERNAL, {}, []).decision ===
  SamplingDecision.RECORD_AND_SAMPLED;

test("a page samples as the server that sent it says, and everything where none does", () => {
  expect(sampledShare()).toBe(1);
  document.head.innerHTML = '<meta name="trace-sampling" content="1e-05">';
  expect(sampledShare()).toBe(0.00001);
});

// The backend has the same ids in its own test: both sides must agree on every trace.
test.each([
  [`${"f".repeat(16)}3${"f".repeat(15)}`, true],
  [`${"0".repeat(15)}14${"0".repeat(15)}`, false],
])("the low half of the id of %s decides", (traceId, sampled) => {
  expect(decide(0.25, traceId)).toBe(sampled);
});

test("all and none are all and none", () => {
  for (const traceId of [`${"0".repeat(31)}1`, "f".repeat(32)]) {
    expect(decide(1, traceId)).toBe(true);
    expect(decide(0, traceId)).toBe(false);
  }
});

test("what is not sampled is not exported, and the server is told", async () => {
  const exporter = recordSpans(0);
  await span(newTrace(), "frontend_search", {}, async (context, search) => {
    expect(search.sampled).toBe(false);
    await span(context, "http_request", {}, (context) => {
      const traceparent = new RegExp(`^00-${search.traceId}-[0-9a-f]{16}-00$`);
      expect(traceHeaders(context).traceparent).toMatch(traceparent);
    });
  });
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test("a share of the traces is whole, and the rest is not there", async () => {
  const exporter = recordSpans(0.25);
  for (let search = 0; search < 1000; search += 1) {
    await span(newTrace(), "frontend_search", {}, async (context) => {
      await span(context, "http_request", {}, () => {});
    });
  }
  const spans = exporter.getFinishedSpans();
  const searched = spans.filter(({ name }) => name === "frontend_search");
  expect(searched.length).toBeGreaterThan(180);
  expect(searched.length).toBeLessThan(320);
  const traceIds = (of: typeof spans) => of.map((each) => each.spanContext().traceId).sort();
  expect(traceIds(spans)).toEqual(traceIds([...searched, ...searched]));
});
