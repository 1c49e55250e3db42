import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";

interface PageProps {
  title: string;
  className?: string;
  searchState?: string;
  children: ComponentChildren;
}

export function Page({ title, className = "page", searchState, children }: PageProps) {
  const t = useTexts(commonTexts);
  useEffect(() => {
    document.title = `${title} · ${t.appName}`;
  }, [title, t]);
  const main = useRef<HTMLElement>(null);
  useFocusKept(main);
  return (
    <main
      ref={main}
      id="content"
      tabIndex={-1}
      className={className}
      data-search-state={searchState}
    >
      {children}
    </main>
  );
}

/**
 * The name of the field that had the focus in the page that was just removed: empty if it was
 * another element, null if nothing had the focus.
 */
let left: string | null = null;

/** Keeps the focus when a page replaces another: on the field of the same name, or on the page. */
function useFocusKept(page: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const main = page.current;
    if (!main) return;
    if (left !== null) {
      const same = left && main.querySelector<HTMLElement>(`input[name="${left}"]`);
      (same || main).focus({ preventScroll: true });
    }
    left = null;
    return () => {
      const focused = document.activeElement;
      if (!main.contains(focused)) return;
      left = focused?.getAttribute("name") ?? "";
      queueMicrotask(() => {
        left = null;
      });
    };
  }, [page]);
}
