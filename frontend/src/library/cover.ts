/** The number of cloths and designs in `cover.css`. */
export const CLOTHS = 8;
export const DESIGNS = 5;

export interface Cover {
  /** The colour, the same for all books of an author. */
  cloth: number;
  design: number;
  /** The font size of the title, in hundredths of the cover's width. */
  titleSize: number;
}

/** The cover of a book, always the same for the same book. */
export function coverOf(id: string, title: string, author: string | null): Cover {
  return {
    cloth: hash(author ?? id) % CLOTHS,
    design: hash(id) % DESIGNS,
    titleSize: titleSize(title),
  };
}

/** The largest size at which the longest word fits a line, and all lines fit the upper half. */
function titleSize(title: string): number {
  const longest = Math.max(...title.split(/[\s-]+/).map(({ length }) => length), 1);
  const size = Math.min(17, 104 / longest, 72 / Math.sqrt(title.length || 1));
  return Math.round(Math.max(size, 6) * 10) / 10;
}

/** FNV-1a, 32 bits. The low bits are mixed once more, since only they are used. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) {
    value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  return (value ^ (value >>> 15)) >>> 0;
}
