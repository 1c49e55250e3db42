import { flushSpans, leaveOpenSpans } from "./span";

/**
 * When the page is closed, its open spans end before the flush, so that the trace is complete. A
 * hidden page goes on with its search, but may be discarded without another event, so the spans
 * that have ended are sent.
 */
export function sendSpansOnPageHide(): void {
  window.addEventListener("pagehide", () => {
    leaveOpenSpans();
    void flushSpans();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") void flushSpans();
  });
}
