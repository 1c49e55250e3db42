import { createContext, type ReactNode, use, useLayoutEffect, useMemo, useState } from "react";
import { type Format, formatFor } from "./format";
import { rememberLanguage } from "./language";
import { type Language, loadMessages, type Messages } from "./messages";

interface I18n {
  language: Language;
  setLanguage(language: Language): void;
  t: Messages;
  format: Format;
}

export interface Texts {
  language: Language;
  messages: Messages;
}

const I18nContext = createContext<I18n | null>(null);

export function I18nProvider({ initial, children }: { initial: Texts; children: ReactNode }) {
  const [{ language, messages }, setTexts] = useState(initial);
  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const i18n = useMemo(
    () => ({
      language,
      setLanguage(next: Language) {
        rememberLanguage(next);
        // Without the network, the page stays in the language it is in.
        loadMessages(next).then(
          (loaded) => setTexts({ language: next, messages: loaded }),
          () => {},
        );
      },
      t: messages,
      format: formatFor(language),
    }),
    [language, messages],
  );
  return <I18nContext value={i18n}>{children}</I18nContext>;
}

export function useI18n(): I18n {
  const i18n = use(I18nContext);
  if (!i18n) throw new Error("useI18n needs an I18nProvider");
  return i18n;
}
