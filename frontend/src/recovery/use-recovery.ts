import { useEffect, useRef, useState } from "preact/hooks";
import { isBusy, isGone, type ProblemError } from "../api/problem";
import { awaitServer } from "./await-server";

/** The wait if the server does not say how long it should be. */
const BUSY_SECONDS = 2;

/**
 * Calls `onBack` when a server that was unreachable is back, or when a server that was busy allows
 * another request. Returns the time of that request on the clock of `performance.now()`, else null.
 */
export function useRecovery(error: unknown, onBack: () => void): number | null {
  const latest = useRef(onBack);
  const [next, setNext] = useState<number | null>(null);
  useEffect(() => {
    latest.current = onBack;
  });
  useEffect(() => {
    setNext(null);
    if (isGone(error)) return awaitServer(() => latest.current());
    if (!isBusy(error)) return;
    const delay = delayAfter(error);
    setNext(performance.now() + delay);
    const timer = setTimeout(() => latest.current(), delay);
    return () => clearTimeout(timer);
  }, [error]);
  return next;
}

/** Up to a third more than the server asks for, so that not all tabs ask it at the same time. */
function delayAfter({ retryAfter }: ProblemError): number {
  return (retryAfter ?? BUSY_SECONDS) * 1000 * (1 + Math.random() / 3);
}
