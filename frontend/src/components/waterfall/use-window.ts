import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { FIRST_ROWS, type RowRange, rowsInWindow } from "../../trace/window";

/**
 * The rows of a list that are in the window or near it, whatever scrolls: the page, or a panel that
 * stands in it.
 */
export function useWindow(list: RefObject<HTMLElement | null>, count: number): RowRange {
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
    // Scrolling of a part does not bubble; it is caught on its way down.
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
