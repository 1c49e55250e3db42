import type { Language } from "./language";

export interface Format {
  number(value: number): string;
  score(value: number): string;
  /** A share of one. */
  percent(share: number): string;
  /** Microseconds, in the unit that suits them. */
  duration(micros: number): string;
  /** Microseconds since 1970. */
  dateTime(micros: number): string;
}

const UNITS = [
  { limit: 1000, size: 1, symbol: "µs" },
  { limit: 1_000_000, size: 1000, symbol: "ms" },
  { limit: Number.POSITIVE_INFINITY, size: 1_000_000, symbol: "s" },
];

/** Some of Intl's formats take milliseconds to make, and most pages need few of them. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export function formatFor(language: Language): Format {
  const numbers = (options?: Intl.NumberFormatOptions) =>
    once(() => new Intl.NumberFormat(language, options));
  // The first of all takes 20 ms: better before the first frame than with results to show.
  const number = new Intl.NumberFormat(language);
  const score = numbers({ minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const percent = numbers({ style: "percent" });
  const digits = [0, 1, 2].map((maximumFractionDigits) => numbers({ maximumFractionDigits }));
  const dateTime = once(
    () => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }),
  );

  return {
    number: (value) => number.format(value),
    score: (value) => score().format(value),
    percent: (share) => percent().format(share),
    dateTime: (micros) => dateTime().format(micros / 1000),
    duration(micros) {
      const size = Math.abs(micros);
      // Three significant digits, so that 999.96 ms is "1 s" and never "1,000 ms".
      const rounded = size === 0 ? 0 : Number(size.toPrecision(3));
      const unit = UNITS.find(({ limit }) => rounded < limit) ?? UNITS[2];
      const value = micros / (unit?.size ?? 1);
      const places =
        unit?.size === 1 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
      return `${(digits[places]?.() ?? number).format(value)} ${unit?.symbol}`;
    },
  };
}
