// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { endOpenSpansOnPageHide } from "../../src/telemetry/page-hide";
import { installBackend, newTrace, span } from "../../src/telemetry/span";
import { recordSpans, treeOf } from "./recorder";

afterEach(() => installBackend(null));
endOpenSpansOnPageHide();

const never = new Promise<void>(() => {});

async function startSearchThatNeverEnds(): Promise<void> {
  void span(newTrace(), "frontend_search", {}, async (context) => {
    await span(context, "process_search_results", {}, () => {});
    await span(context, "update_ui_final", {}, () => never);
  });
  await new Promise((resolve) => setTimeout(resolve));
}

test("a page that is left ends its open spans, children first", async () => {
  const exporter = recordSpans();
  await startSearchThatNeverEnds();
  window.dispatchEvent(new Event("pagehide"));
  expect(treeOf(exporter)).toEqual([
    "frontend_search",
    "  process_search_results",
    "  update_ui_final",
  ]);
  const names = exporter.getFinishedSpans().map(({ name }) => name);
  expect(names).toContain("frontend_search");
});

test("so does one that is hidden, and only then", async () => {
  const exporter = recordSpans();
  await startSearchThatNeverEnds();
  document.dispatchEvent(new Event("visibilitychange"));
  expect(exporter.getFinishedSpans()).toHaveLength(1);
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(exporter.getFinishedSpans()).toHaveLength(3);
});

test("a span ends once", async () => {
  const exporter = recordSpans();
  let finish = () => {};
  const ended = span(newTrace(), "frontend_search", {}, () => {
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  window.dispatchEvent(new Event("pagehide"));
  finish();
  await ended;
  expect(exporter.getFinishedSpans()).toHaveLength(1);
});
