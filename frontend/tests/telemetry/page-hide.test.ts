// @vitest-environment jsdom
import { SpanStatusCode } from "@opentelemetry/api";
import type { InMemorySpanExporter } from "@opentelemetry/sdk-trace";
import { afterEach, expect, test, vi } from "vitest";
import { sendSpansOnPageHide } from "../../src/telemetry/page-hide";
import { installTracer, newTrace, settle, span } from "../../src/telemetry/span";
import { recordSpans, treeOf } from "./recorder";

afterEach(() => installTracer(null));
sendSpansOnPageHide();

const never = new Promise<void>(() => {});

async function startSearchThatNeverEnds(shown = false): Promise<void> {
  void span(newTrace(), "frontend_search", {}, async (context, search) => {
    await span(context, "process_search_results", {}, () => {});
    await span(context, "update_ui_final", {}, (_, final) => {
      if (shown) for (const done of [search, final]) settle(done);
      return never;
    });
  });
  await new Promise((resolve) => setTimeout(resolve));
}

const failed = (exporter: InMemorySpanExporter) =>
  exporter
    .getFinishedSpans()
    .filter(({ status }) => status.code === SpanStatusCode.ERROR)
    .map(({ name, attributes }) => [name, attributes["error.type"]]);

test("a page that is left ends its open spans, children first, and they say so", async () => {
  const exporter = recordSpans();
  await startSearchThatNeverEnds();
  window.dispatchEvent(new Event("pagehide"));
  expect(treeOf(exporter)).toEqual([
    "frontend_search",
    "  process_search_results",
    "  update_ui_final",
  ]);
  expect(failed(exporter)).toEqual([
    ["update_ui_final", "page_left"],
    ["frontend_search", "page_left"],
  ]);
});

test("a search that is shown already has not failed by that", async () => {
  const exporter = recordSpans();
  await startSearchThatNeverEnds(true);
  window.dispatchEvent(new Event("pagehide"));
  expect(exporter.getFinishedSpans()).toHaveLength(3);
  expect(failed(exporter)).toEqual([]);
});

test("a page that is hidden sends what has ended, and its search goes on", async () => {
  const exporter = recordSpans();
  const flush = vi.fn(async () => {});
  await startSearchThatNeverEnds();
  const backend = { root: {} as never, start: vi.fn(), headers: vi.fn(), flush };
  installTracer(backend);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(flush).not.toHaveBeenCalled();
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(flush).toHaveBeenCalledOnce();
  expect(exporter.getFinishedSpans()).toHaveLength(1);
  window.dispatchEvent(new Event("pagehide"));
});

test("a span ends once, and what comes after it is in no trace", async () => {
  const exporter = recordSpans();
  let finish = () => {};
  const ended = span(newTrace(), "frontend_search", {}, async (context) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    await span(context, "update_ui_final", {}, () => {});
  });
  window.dispatchEvent(new Event("pagehide"));
  finish();
  await ended;
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(["frontend_search"]);
});
