import type { Language } from "./language";

export interface Format {
  number(value: number): string;
  score(value: number): string;
  /** `share` is from 0 to 1. */
  percent(share: number): string;
  /** Nanoseconds, in the unit that fits. */
  duration(nanos: number): string;
  /** Milliseconds since 1970. */
  dateTime(millis: number): string;
}

const UNITS = [
  { limit: 1e3, size: 1, symbol: "ns" },
  { limit: 1e6, size: 1e3, symbol: "µs" },
  { limit: 1e9, size: 1e6, symbol: "ms" },
];
const SECONDS = { size: 1e9, symbol: "s" };

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * The text that Intl returns for a number below a thousand or a whole number, which is the same in
 * all our languages; undefined for other numbers. Creating a first Intl format takes 20 to 30 ms,
 * half as long as a first search, and most pages need none.
 */
function plain(value: number, least: number, most: number): string | undefined {
  if (!(value >= 0 && value < 1e15) || Object.is(value, -0)) return undefined;
  if (least === 0 && Number.isInteger(value)) {
    return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
  }
  if (value >= 999) return undefined;
  const digits = value.toFixed(most);
  return least === most ? digits : String(Number(digits));
}

export function formatFor(language: Language): Format {
  const numbers = (minimumFractionDigits: number, maximumFractionDigits: number) => {
    const options = { minimumFractionDigits, maximumFractionDigits };
    const format = once(() => new Intl.NumberFormat(language, options));
    return (value: number) =>
      plain(value, minimumFractionDigits, maximumFractionDigits) ?? format().format(value);
  };
  const number = numbers(0, 3);
  const digits = [numbers(0, 0), numbers(0, 1), numbers(0, 2)];
  const percent = once(() => new Intl.NumberFormat(language, { style: "percent" }));
  const dateTime = once(
    () => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }),
  );

  return {
    number,
    score: numbers(3, 3),
    percent(share) {
      const whole = Math.round(share * 100);
      const digits = whole / 100 === share ? plain(whole, 0, 0) : undefined;
      return digits ? `${digits}%` : percent().format(share);
    },
    dateTime: (millis) => dateTime().format(millis),
    duration(nanos) {
      const size = Math.abs(nanos);
      // Three significant digits, so that 999.96 ms is "1 s" and never "1,000 ms".
      const rounded = size === 0 ? 0 : Number(size.toPrecision(3));
      const unit = UNITS.find(({ limit }) => rounded < limit) ?? SECONDS;
      const value = nanos / unit.size;
      const places = Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
      return `${(digits[places] ?? number)(value)} ${unit.symbol}`;
    },
  };
}
