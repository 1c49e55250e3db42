import { type ComponentChildren, createContext } from "preact";
import { useContext, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { type Format, formatFor } from "./format";
import { type Language, rememberLanguage } from "./language";

interface I18n {
  language: Language;
  setLanguage(language: Language): void;
  format: Format;
}

const I18nContext = createContext<I18n | null>(null);

export function I18nProvider({
  initial,
  children,
}: {
  initial: Language;
  children: ComponentChildren;
}) {
  const [language, setLanguage] = useState(initial);
  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const i18n = useMemo(
    () => ({
      language,
      setLanguage(next: Language) {
        rememberLanguage(next);
        setLanguage(next);
      },
      format: formatFor(language),
    }),
    [language],
  );
  return <I18nContext value={i18n}>{children}</I18nContext>;
}

export function useI18n(): I18n {
  const i18n = useContext(I18nContext);
  if (!i18n) throw new Error("useI18n needs an I18nProvider");
  return i18n;
}

/** The texts of one part of the page in the chosen language. */
export function useTexts<T>(texts: Record<Language, T>): T {
  return texts[useI18n().language];
}
