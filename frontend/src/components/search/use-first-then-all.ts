import { useEffect, useState } from "preact/hooks";

/** More results than most windows show. */
const FIRST = 4;

const seen = new WeakSet<readonly unknown[]>();

/**
 * The first results, and all of them after the first paint, so that results below the window's edge
 * do not delay those in it. A list that was shown before is returned whole at once, since the
 * browser then restores the scroll position. The component must be mounted anew for each list.
 */
export function useGradual<Item>(all: readonly Item[]): readonly Item[] {
  const [whole, setWhole] = useState(seen.has(all));
  // Runs after the first results have been painted.
  useEffect(() => {
    seen.add(all);
    setWhole(true);
  }, [all]);
  return whole ? all : all.slice(0, FIRST);
}
