import type { RefObject } from "preact";
import { useLayoutEffect, useMemo } from "preact/hooks";

/** Handles keys without modifiers. They do nothing while a field has the focus. */
export function useKeys(keys: Record<string, (() => void) | null>): void {
  // Keys must work as soon as the page is painted: an effect would run later.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const target = event.target as HTMLElement;
      if (target.matches("input, select, textarea, [contenteditable]")) return;
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [keys]);
}

/** The slash key moves the focus to a field, as on many pages. */
export function useSlash(field: RefObject<HTMLInputElement | null>): void {
  const keys = useMemo(
    () => ({
      "/": () => {
        field.current?.focus();
        field.current?.select();
      },
    }),
    [field],
  );
  useKeys(keys);
}
