import type { Heading } from "../api/books";
import type { Block } from "../text/blocks";

/** A heading with the headings under it. */
export interface Chapter extends Heading {
  parent: Chapter | null;
  children: Chapter[];
}

export interface Contents {
  /** The top level. */
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

/** The innermost chapter at a position in the book; null before the first one. */
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

/** A chapter and its ancestors, the outermost first. */
export function pathOf(chapter: Chapter | null): Chapter[] {
  return chapter ? [...pathOf(chapter.parent), chapter] : [];
}

/** The chapter whose heading a block is; null if it is text, such as the first verse of a psalm. */
export function headingOf(contents: Contents, { start, end, text }: Block): Chapter | null {
  const shown = lettersOf(text);
  const headings = pathOf(chapterAt(contents, end - 1)).filter(({ title, start: heading }) => {
    const letters = lettersOf(title);
    // A heading may have two blocks, its number and its name: CHAPTER 1 and, below it, Loomings.
    if (heading < start) return start - heading < 2 * title.length && letters.endsWith(shown);
    return shown.startsWith(letters) || letters.startsWith(shown);
  });
  return shown ? (headings[0] ?? null) : null;
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}
