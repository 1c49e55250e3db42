import { useEffect, useState } from "preact/hooks";
import type { Language } from "../i18n/language";

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** Creating a format takes longer than formatting a whole list. */
const formats = new Map<Language, Intl.RelativeTimeFormat>();

/** The time since `then` in the largest unit that fits. Times are in milliseconds. */
export function relativeTime(then: number, now: number, language: Language): string {
  const seconds = Math.max(Math.round((now - then) / 1000), 0);
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS[3];
  let format = formats.get(language);
  if (!format) {
    format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    formats.set(language, format);
  }
  return format.format(-Math.floor(seconds / size), unit);
}

const INTERVAL_MS = 10_000;

/** The current time in milliseconds, updated every ten seconds. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), INTERVAL_MS);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}
