import { type ReactNode, useEffect } from "react";
import { useI18n } from "../i18n/I18n";

interface PageProps {
  title: string;
  className?: string;
  searchState?: string;
  children: ReactNode;
}

export function Page({ title, className = "page", searchState, children }: PageProps) {
  const { t } = useI18n();
  useEffect(() => {
    document.title = `${title} · ${t.appName}`;
  }, [title, t]);
  return (
    <main id="content" tabIndex={-1} className={className} data-search-state={searchState}>
      {children}
    </main>
  );
}
