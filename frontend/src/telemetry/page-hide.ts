import { endOpenSpans, flushSpans } from "./span";

/**
 * The last moment that a page is sure to get. Spans that are still open end here, before the
 * flush, so that a tab closed at once leaves a whole trace.
 */
export function endOpenSpansOnPageHide(): void {
  const leave = () => {
    endOpenSpans();
    void flushSpans();
  };
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
}
