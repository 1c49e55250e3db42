import { type ReactNode, useEffect } from "react";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";

interface PageProps {
  title: string;
  className?: string;
  searchState?: string;
  children: ReactNode;
}

export function Page({ title, className = "page", searchState, children }: PageProps) {
  const t = useTexts(commonTexts);
  useEffect(() => {
    document.title = `${title} · ${t.appName}`;
  }, [title, t]);
  return (
    <main id="content" tabIndex={-1} className={className} data-search-state={searchState}>
      {children}
    </main>
  );
}
