import type { TextRange } from "../api/search";
import { lengthOf } from "./segments";

/** A paragraph, a stanza or a heading: what stands between blank lines. */
export interface Block extends TextRange {
  text: string;
  /** Its line breaks were meant: verse, a play, a table. Those of prose only fill a line. */
  verse: boolean;
  /** How much further in the first line stands than the others, in spaces. Verse only. */
  indent: number;
  /** The white space that all lines of verse begin with, as ranges of `text`. */
  margin: TextRange[];
}

const PARAGRAPH = /([^\S\n]*)(\S[^\n]*(?:\n[^\n]*\S[^\n]*)*)/g;

const CAPITAL = /^[^\p{L}\p{N}]*\p{Lu}/u;

/** Plain text is wrapped at 60 to 75 characters; the pages of one book differ a little. */
const NARROWEST = 62;
const WIDEST = 66;
/** A word that misses the line's end by less may have been wrapped by another measure. */
const SLACK = 10;
/** Prose has a few short lines too. */
const FREE_BREAKS_OF_VERSE = 1 / 3;
/** So many lines in a row begin with a capital letter in verse alone. */
const CAPITALS_OF_VERSE = 3;

/** Cuts a text into its blocks. `offset` is where in its book it starts, in characters. */
export function blocksOf(text: string, offset = 0): Block[] {
  const found: { indent: number; start: number; lines: string[] }[] = [];
  let read = 0;
  let position = offset;
  for (const { index, 1: margin = "", 2: body = "" } of text.matchAll(PARAGRAPH)) {
    const start = index + margin.length;
    position += lengthOf(text.slice(read, start));
    read = start;
    found.push({ indent: margin.length, start: position, lines: body.trimEnd().split("\n") });
  }
  const isVerse = verseOf(found.map(({ lines }) => lines));
  return found.map(({ indent, start, lines }, index) => {
    const block = { start, end: start + lengthOf(lines.join("\n")), text: lines.join("\n") };
    if (!isVerse[index]) return { ...block, verse: false, indent: 0, margin: [] };
    const common = Math.min(indent, ...lines.slice(1).map(indentOf));
    return { ...block, verse: true, indent: indent - common, margin: marginsOf(lines, common) };
  });
}

/** Which of a page's blocks keep their lines. */
function verseOf(blocks: string[][]): boolean[] {
  const lengths = blocks
    .filter((lines) => lines.length > 1)
    .flat()
    .map((line) => line.trimEnd().length)
    .sort((a, b) => a - b);
  const usual = lengths[Math.floor(lengths.length * 0.95)] ?? 0;
  const width = Math.min(Math.max(usual, NARROWEST), WIDEST);
  const verse = blocks.map(
    (lines) => hasCapitals(lines, CAPITALS_OF_VERSE) || breaksFreely(lines, width),
  );
  const long = blocks.filter((lines) => lines.length > 1).length;
  // Poems and plays have stanzas and speeches that look like prose.
  const poem = verse.filter(Boolean).length >= long / 2;
  return blocks.map((lines, index) => (poem ? lines.length > 1 : verse[index] === true));
}

function breaksFreely(lines: string[], width: number): boolean {
  // Two short lines may be a novel's, too: "No," said he.
  if (lines.length === 2 && !hasCapitals(lines, 1)) return false;
  return freeBreaks(lines, width) > FREE_BREAKS_OF_VERSE;
}

/** The share of line breaks before which the next word had room: nothing forced those. */
function freeBreaks(lines: string[], width: number): number {
  const free = lines.slice(1).filter((next, index) => {
    const [word = ""] = next.trimStart().split(/\s/, 1);
    const used = (lines[index] ?? "").trimEnd().length;
    return used + 1 + word.length + SLACK <= width;
  });
  return lines.length > 1 ? free.length / (lines.length - 1) : 0;
}

/** Whether each new line has a capital letter, at least so many; an indented one is not new. */
function hasCapitals(lines: string[], least: number): boolean {
  const margin = Math.min(...lines.slice(1).map(indentOf));
  const begun = lines.slice(1).filter((line) => indentOf(line) === margin);
  return begun.length >= least && begun.every((line) => CAPITAL.test(line));
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Where the common white space of the lines after the first one stands. */
function marginsOf(lines: string[], common: number): TextRange[] {
  let start = 0;
  return lines.slice(1).map((_, index) => {
    start += lengthOf(lines[index] ?? "") + 1;
    return { start, end: start + common };
  });
}
