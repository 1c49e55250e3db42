import { useEffect, useState } from "preact/hooks";

/** More than most windows show. */
const FIRST = 4;

const seen = new WeakSet<readonly unknown[]>();

/**
 * The first results at once, and soon all of them: what is below the window's edge shall not hold
 * up what is in it. Whoever comes back finds all at once, since the browser then scrolls to where
 * they were. For a component that is made anew for each list.
 */
export function useGradual<Item>(all: readonly Item[]): readonly Item[] {
  const [whole, setWhole] = useState(seen.has(all));
  // Runs once what is there has been painted.
  useEffect(() => {
    seen.add(all);
    setWhole(true);
  }, [all]);
  return whole ? all : all.slice(0, FIRST);
}
