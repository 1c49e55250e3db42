import type { TextRange } from "../api/search";

export interface Segment {
  text: string;
  highlighted: boolean;
  /** In italics, written as _these_ in plain text. */
  emphasised: boolean;
  /** Part of the passage that an address points to. */
  targeted: boolean;
}

interface Layers {
  highlights?: readonly TextRange[];
  target?: readonly TextRange[];
  /** Characters that are not shown. */
  hidden?: readonly TextRange[];
}

const ITALICS = /(?<![\p{L}\p{N}_])_(?=[^\s_])([^_]+)(?<=\S)_(?![\p{L}\p{N}_])/gu;

/** Splits a text wherever a layer begins or ends. Ranges count Unicode code points. */
export function segments(
  text: string,
  { highlights = [], target = [], hidden = [] }: Layers,
): Segment[] {
  const points = Array.from(text);
  const italics = italicsOf(text);
  const unseen = [...hidden, ...italics.flatMap(({ start, end }) => [at(start - 1), at(end)])];
  const bounds = [highlights, target, italics, unseen]
    .flat()
    .flatMap(({ start, end }) => [start, end]);
  const cuts = [...new Set([0, ...bounds, points.length])]
    .filter((cut) => cut >= 0 && cut <= points.length)
    .sort((a, b) => a - b);
  return cuts.slice(0, -1).flatMap((start, index) => {
    const within = (ranges: readonly TextRange[]) =>
      ranges.some((range) => range.start <= start && start < range.end);
    if (within(unseen)) return [];
    return {
      text: points.slice(start, cuts[index + 1]).join(""),
      highlighted: within(highlights),
      emphasised: within(italics),
      targeted: within(target),
    };
  });
}

/** The length of a text in Unicode code points, as the server counts. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** The text between pairs of underscores. */
function italicsOf(text: string): TextRange[] {
  return Array.from(text.matchAll(ITALICS), ({ index, 1: inner = "" }) => {
    const start = lengthOf(text.slice(0, index)) + 1;
    return { start, end: start + lengthOf(inner) };
  });
}

function at(position: number): TextRange {
  return { start: position, end: position + 1 };
}
