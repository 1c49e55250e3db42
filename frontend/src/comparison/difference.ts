import type { Language } from "../i18n/language";

/** A ratio with three significant digits. */
export function formatRatio(ratio: number, language: Language): string {
  return `×${new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(ratio)}`;
}

/** A difference with its sign. `shown` formats its absolute value. */
export function signed(difference: number, shown: (value: number) => string): string {
  const sign = difference > 0 ? "+" : difference < 0 ? "−" : "±";
  return `${sign}${shown(Math.abs(difference))}`;
}
