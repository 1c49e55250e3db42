import { useEffect, useState } from "preact/hooks";

const INTERVAL_MS = 10_000;

/** The time in milliseconds, told anew every ten seconds. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), INTERVAL_MS);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}
