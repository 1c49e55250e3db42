import type { Heading } from "../api/books";
import type { Block } from "../text/blocks";

/** A heading with what stands under it. */
export interface Chapter extends Heading {
  parent: Chapter | null;
  children: Chapter[];
}

export interface Contents {
  /** The outermost. */
  chapters: Chapter[];
  /** All, in the order of the text. */
  all: Chapter[];
}

export function contentsOf(headings: Heading[]): Contents {
  const chapters: Chapter[] = [];
  const all: Chapter[] = [];
  for (const heading of headings) {
    let parent = all.at(-1) ?? null;
    while (parent && parent.level >= heading.level) parent = parent.parent;
    const chapter = { ...heading, parent, children: [] };
    (parent?.children ?? chapters).push(chapter);
    all.push(chapter);
  }
  return { chapters, all };
}

/** The innermost chapter that holds a place of the book; null before the first. */
export function chapterAt({ all }: Contents, position: number): Chapter | null {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((all[middle]?.start ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return all[low - 1] ?? null;
}

/** A chapter and what it stands in, the outermost first. */
export function pathOf(chapter: Chapter | null): Chapter[] {
  return chapter ? [...pathOf(chapter.parent), chapter] : [];
}

/** The chapter whose heading a block is; null where it is text, as the first verse of a psalm is. */
export function headingOf(contents: Contents, { start, end, text }: Block): Chapter | null {
  const chapter = chapterAt(contents, end - 1);
  if (!chapter || chapter.start < start) return null;
  const title = lettersOf(chapter.title);
  const shown = lettersOf(text);
  return title !== "" && (shown.startsWith(title) || title.startsWith(shown)) ? chapter : null;
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}
