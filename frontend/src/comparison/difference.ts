import type { Language } from "../i18n/language";

/** How many times as much, to three digits. */
export function formatRatio(ratio: number, language: Language): string {
  return `×${new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(ratio)}`;
}

/** A difference with its sign, where there is any; `shown` formats what is not negative. */
export function signed(difference: number, shown: (value: number) => string): string {
  const sign = difference > 0 ? "+" : difference < 0 ? "−" : "±";
  return `${sign}${shown(Math.abs(difference))}`;
}
