import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

const BOX = ".search-box input";
const TITLE = ".result h2 a";
// Only after keyboard navigation: after a click, the arrow keys scroll.
const PAGE = "#content:focus-visible";

/** The arrow keys move the focus between the search box and the results. */
export function useResultKeys(answer: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
      const step = { ArrowDown: 1, ArrowUp: -1 }[key];
      if (!step || altKey || ctrlKey || metaKey || shiftKey || event.defaultPrevented) return;
      const target = event.target as HTMLElement;
      const box = document.querySelector<HTMLElement>(BOX);
      const titles = Array.from(answer.current?.querySelectorAll<HTMLElement>(TITLE) ?? []);
      const here = resultOf(target, titles);
      if (here === null && target !== box && !target.matches(PAGE)) return;
      // From inside a result, the up key goes to its title first.
      const inside = here !== null && target !== titles[here] && step < 0;
      const to = (here ?? -1) + (inside ? 0 : step);
      const next = to < 0 ? box : titles[to];
      if (!next) return;
      event.preventDefault();
      next.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [answer]);
}

/** The index of the result that contains an element, or null. */
function resultOf(element: HTMLElement, titles: HTMLElement[]): number | null {
  const result = element.closest(".result");
  const index = titles.findIndex((title) => result?.contains(title));
  return index < 0 ? null : index;
}
