import { useMemo, useState } from "preact/hooks";
import { findSpans, nextMatch } from "./find-spans";
import type { SpanNode } from "./tree";

export interface SpanMatches {
  text: string;
  setText(text: string): void;
  ids: ReadonlySet<string>;
  count: number;
  /** The number of the current match, from 1; 0 before there is one. */
  at: number;
  go(backwards: boolean): void;
}

/** The state of a search for spans in a trace. */
export function useSpanSearch(
  nodes: Map<string, SpanNode>,
  reveal: (node: SpanNode) => void,
): SpanMatches {
  const [text, setText] = useState("");
  const [shown, setShown] = useState<SpanNode | null>(null);
  const found = useMemo(() => findSpans(nodes.values(), text), [nodes, text]);
  const ids = useMemo(() => new Set(found.map(({ id }) => id)), [found]);
  return {
    text,
    setText,
    ids,
    count: found.length,
    at: shown ? found.indexOf(shown) + 1 : 0,
    go(backwards) {
      const next = nextMatch(found, shown, backwards);
      if (!next) return;
      setShown(next);
      reveal(next);
    },
  };
}
