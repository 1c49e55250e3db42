import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** A half-open range of rows. */
export interface RowRange {
  first: number;
  last: number;
}

/** Enough for a tall window, until the height of a row is known. */
export const FIRST_ROWS: RowRange = { first: 0, last: 64 };

const SPARE = 16;
/** The range moves in steps, so that not every scrolled line renders the rows again. */
const STEP = 8;

/** The rows of a list to draw, from the position of its box in the window. */
export function rowsInWindow(
  box: { top: number; height: number },
  count: number,
  windowHeight: number,
): RowRange {
  if (box.height <= 0 || count === 0) return FIRST_ROWS;
  const rowHeight = box.height / count;
  const first = Math.floor(-box.top / rowHeight) - SPARE;
  const last = Math.ceil((windowHeight - box.top) / rowHeight) + SPARE;
  return {
    first: Math.max(Math.floor(first / STEP) * STEP, 0),
    last: Math.max(Math.ceil(last / STEP) * STEP, 0),
  };
}

/** The numbers of the rows to draw: those in the range, and the row `kept`. */
export function drawnRows({ first, last }: RowRange, count: number, kept: number): number[] {
  const from = Math.min(first, count);
  const to = Math.min(last, count);
  const drawn = Array.from({ length: Math.max(to - from, 0) }, (_, index) => from + index);
  if (kept >= 0 && kept < from) drawn.unshift(kept);
  else if (kept >= to && kept < count) drawn.push(kept);
  return drawn;
}

/**
 * The rows of a list that are in the window or near it. The page may scroll, or a panel that
 * contains the list.
 */
export function useVisibleRows(list: RefObject<HTMLElement | null>, count: number): RowRange {
  const [range, setRange] = useState(FIRST_ROWS);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const update = () => {
      const next = rowsInWindow(element.getBoundingClientRect(), count, window.innerHeight);
      setRange((now) => (now.first === next.first && now.last === next.last ? now : next));
    };
    update();
    const sizes = new ResizeObserver(update);
    sizes.observe(element);
    // Scroll events of elements do not bubble, so they are captured.
    window.addEventListener("scroll", update, { capture: true, passive: true });
    window.addEventListener("resize", update);
    return () => {
      sizes.disconnect();
      window.removeEventListener("scroll", update, { capture: true });
      window.removeEventListener("resize", update);
    };
  }, [list, count]);
  return range;
}
