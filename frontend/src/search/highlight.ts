import type { Passage } from "../api/search";

export interface Segment {
  text: string;
  marked: boolean;
}

/** Cuts a passage at its highlights, which count Unicode code points and not UTF-16 units. */
export function segments({ text, highlights }: Pick<Passage, "text" | "highlights">): Segment[] {
  const points = Array.from(text);
  const parts: Segment[] = [];
  let position = 0;
  const push = (end: number, marked: boolean) => {
    if (end > position) parts.push({ text: points.slice(position, end).join(""), marked });
    position = Math.max(position, end);
  };
  for (const { start, end } of highlights.toSorted((a, b) => a.start - b.start)) {
    push(Math.min(start, points.length), false);
    push(Math.min(end, points.length), true);
  }
  push(points.length, false);
  return parts;
}
