import { useCallback, useLayoutEffect } from "preact/hooks";

const ROWS = ["[role=row][aria-selected=true]", "[role=row][tabindex='0']"];

/**
 * Closes the details of a span by what is returned, and by Escape, before it means anything else.
 * The focus goes back to the span's row, or to the one that can have it.
 */
export function useClosing(onClose: () => void): () => void {
  const close = useCallback(() => {
    const grid = document.querySelector("[role=treegrid]");
    const row = ROWS.map((each) => grid?.querySelector<HTMLElement>(each)).find((each) => each);
    onClose();
    row?.focus();
  }, [onClose]);
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || (event.target as Element).matches("input, select")) return;
      event.stopPropagation();
      close();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [close]);
  return close;
}
