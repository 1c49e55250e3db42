import { flushSpans, leaveOpenSpans } from "./span";

/**
 * A page that is left ends its open spans before the flush, so that a tab closed at once leaves a
 * whole trace. One that is merely hidden goes on with its search; it may be discarded without
 * another word, though, so what has ended is sent.
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
