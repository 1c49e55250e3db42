import { useEffect, useRef } from "preact/hooks";
import { isGone } from "../api/problem";
import { awaitServer } from "./await-server";

/** Calls `onBack` when a server that was unreachable is back. */
export function useRecovery(error: unknown, onBack: () => void): void {
  const latest = useRef(onBack);
  useEffect(() => {
    latest.current = onBack;
  });
  useEffect(() => {
    if (isGone(error)) return awaitServer(() => latest.current());
  }, [error]);
}
