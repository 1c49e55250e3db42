import type { TextRange } from "../api/search";
import { lengthOf } from "./segments";

/** A paragraph, stanza or heading: the text between blank lines. */
export interface Block extends TextRange {
  text: string;
  /** Whether its line breaks have a meaning: in verse, plays, tables. Prose is only wrapped. */
  verse: boolean;
  /** How far the first line is indented beyond the others, in spaces. Verse only. */
  indent: number;
  /** The indentation common to all lines of verse, as ranges of `text`. */
  margin: TextRange[];
}

const PARAGRAPH = /([^\S\n]*)(\S[^\n]*(?:\n[^\n]*\S[^\n]*)*)/g;

const CAPITAL = /^[^\p{L}\p{N}]*\p{Lu}/u;

/** Books are wrapped at 60 to 75 characters, and their pages differ a little. */
const NARROWEST = 62;
const WIDEST = 66;
/** A word that would have fit by less than this may have been wrapped at another width. */
const SLACK = 10;
/** The share of free line breaks above which a block is verse: prose has a few, too. */
const FREE_BREAKS_OF_VERSE = 1 / 3;
/** So many consecutive lines begin with a capital letter only in verse. */
const CAPITALS_OF_VERSE = 3;

/** Splits a text into blocks. `offset` is its position in the book, in characters. */
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

/** Which blocks of a page are verse. */
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
  // If most of a page is verse, all of it is: some stanzas and speeches look like prose.
  const poem = verse.filter(Boolean).length >= long / 2;
  return blocks.map((lines, index) => (poem ? lines.length > 1 : verse[index] === true));
}

function breaksFreely(lines: string[], width: number): boolean {
  // Two short lines may also be prose: "No," said he.
  if (lines.length === 2 && !hasCapitals(lines, 1)) return false;
  return freeBreaks(lines, width) > FREE_BREAKS_OF_VERSE;
}

/** The share of line breaks that were not forced: the next word would have fit. */
function freeBreaks(lines: string[], width: number): number {
  const free = lines.slice(1).filter((next, index) => {
    const [word = ""] = next.trimStart().split(/\s/, 1);
    const used = (lines[index] ?? "").trimEnd().length;
    return used + 1 + word.length + SLACK <= width;
  });
  return lines.length > 1 ? free.length / (lines.length - 1) : 0;
}

/** Whether at least `least` lines, and all that are not indented, begin with a capital letter. */
function hasCapitals(lines: string[], least: number): boolean {
  const margin = Math.min(...lines.slice(1).map(indentOf));
  const begun = lines.slice(1).filter((line) => indentOf(line) === margin);
  return begun.length >= least && begun.every((line) => CAPITAL.test(line));
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The ranges of the common indentation of the lines after the first one. */
function marginsOf(lines: string[], common: number): TextRange[] {
  let start = 0;
  return lines.slice(1).map((_, index) => {
    start += lengthOf(lines[index] ?? "") + 1;
    return { start, end: start + common };
  });
}
