import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Scrolls a list to its current entry if that is not visible. The page does not scroll. */
export function useCurrentInView(list: RefObject<HTMLElement | null>, current: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current entry says when
  useEffect(() => {
    const entry = list.current?.querySelector<HTMLElement>("[aria-current]");
    if (!list.current || !entry) return;
    const { scrollTop, clientHeight } = list.current;
    const above = entry.offsetTop < scrollTop;
    const below = entry.offsetTop + entry.offsetHeight > scrollTop + clientHeight;
    if (above || below) list.current.scrollTop = entry.offsetTop - clientHeight / 3;
  }, [list, current]);
}
