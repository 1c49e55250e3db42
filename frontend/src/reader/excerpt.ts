import type { Passage } from "../api/search";

const BEFORE = 50;
const LENGTH = 160;

/** An excerpt of a passage around its first highlight, in one line, for a list. */
export function excerpt(passage: Passage): Passage {
  const text = passage.text.replace(/\s/g, " ");
  const points = Array.from(text);
  if (points.length <= LENGTH) return { ...passage, text };
  const mark = passage.highlights[0]?.start ?? 0;
  let from = Math.max(0, Math.min(mark - BEFORE, points.length - LENGTH));
  let to = from + LENGTH;
  // Do not cut words.
  while (from > 0 && from < mark && points[from - 1]?.trim()) from++;
  while (to < points.length && points[to]?.trim()) to++;
  const shift = (from > 0 ? 1 : 0) - from;
  const cut = points.slice(from, to).join("").trimEnd();
  return {
    ...passage,
    text: `${from > 0 ? "…" : ""}${cut}${to < points.length ? "…" : ""}`,
    highlights: passage.highlights
      .filter(({ end }) => end <= to)
      .map(({ start, end }) => ({ start: start + shift, end: end + shift })),
  };
}
