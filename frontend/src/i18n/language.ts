import { storedValue } from "../local-storage";

export const LANGUAGES = ["en", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", ja: "日本語" };

const store = storedValue("language");

/** The language chosen on an earlier visit, or the browser's first that we support. */
export function initialLanguage(): Language {
  const wanted = [store.read(), ...navigator.languages];
  for (const tag of wanted) {
    const language = LANGUAGES.find((known) => tag?.toLowerCase().split("-")[0] === known);
    if (language) return language;
  }
  return "en";
}

export function rememberLanguage(language: Language): void {
  store.write(language);
}
