import { useEffect, useState } from "preact/hooks";

const INTERVAL_MS = 2000;
const LONGEST_MS = 60_000;

/** The pause in milliseconds after a number of consecutive failures. */
export function pauseAfter(failures: number): number {
  return Math.min(INTERVAL_MS * 2 ** failures, LONGEST_MS);
}

/**
 * Calls `poll` repeatedly while `active` and the page is visible. Returns the number of consecutive
 * failures. `poll` must be stable.
 */
export function usePolling(active: boolean, poll: (signal: AbortSignal) => Promise<void>): number {
  const [failures, setFailures] = useState(0);
  useEffect(() => {
    if (!active) return;
    const controller = new AbortController();
    let timer = 0;
    let failed = 0;
    let running = false;
    const wait = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(run, pauseAfter(failed));
    };
    const run = async () => {
      if (document.hidden || running) return;
      running = true;
      try {
        await poll(controller.signal);
        failed = 0;
      } catch {
        failed += 1;
      }
      running = false;
      if (controller.signal.aborted) return;
      setFailures(failed);
      wait();
    };
    document.addEventListener("visibilitychange", run);
    wait();
    return () => {
      controller.abort();
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", run);
      setFailures(0);
    };
  }, [active, poll]);
  return failures;
}
