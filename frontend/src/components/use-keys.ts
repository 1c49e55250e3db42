import type { RefObject } from "preact";
import { useLayoutEffect, useMemo } from "preact/hooks";

/** Keys of the page, each pressed alone. A field that has the focus keeps them to itself. */
export function useKeys(keys: Record<string, (() => void) | null>): void {
  // What is painted answers to its keys: a later effect would leave a gap.
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

/** The slash leads to a field, as it does on many pages. */
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
