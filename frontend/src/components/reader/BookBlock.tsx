import type { TextRange } from "../../api/search";
import { useI18n } from "../../i18n/I18n";
import { type Chapter, pathOf } from "../../reader/contents";
import { relativeTo } from "../../reader/highlights";
import type { Block } from "../../text/blocks";
import { segments } from "../../text/segments";
import { Segments } from "../Blocks";
import { Icon } from "../Icon";

interface BookBlockProps {
  block: Block;
  /** The chapter whose heading this is, or null. */
  heading: Chapter | null;
  /** Ranges of the book's text. */
  highlights: readonly TextRange[];
  target: TextRange | null;
  link: string;
  linkLabel: string;
  onLink(): void;
}

/** A paragraph, stanza or heading of a book. Headings have no link: the contents link to them. */
export function BookBlock(props: BookBlockProps) {
  const { block, heading, highlights, target, link, linkLabel, onLink } = props;
  const { language } = useI18n();
  const here = ({ start, end }: TextRange) => start < block.end && block.start < end;
  const parts = segments(block.text, {
    highlights: relativeTo(highlights.filter(here), block.start),
    target: relativeTo(target && here(target) ? [target] : [], block.start),
    hidden: block.margin,
  });
  const follow = (event: MouseEvent) => {
    // The browser handles clicks that open a new tab.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onLink();
  };
  const Element = heading ? headingElement(heading) : "p";
  return (
    <Element
      className={block.verse || heading ? "verse" : "prose"}
      data-start={block.start}
      tabIndex={-1}
    >
      {" ".repeat(block.indent)}
      <Segments segments={parts} />
      {!heading && (
        <a href={link} className="anchor" aria-label={linkLabel} lang={language} onClick={follow}>
          <Icon name="link" />
        </a>
      )}
    </Element>
  );
}

/** The heading element of a chapter, by its depth: a book may skip levels, the page must not. */
export function headingElement(chapter: Chapter): "h2" {
  return `h${Math.min(pathOf(chapter).length + 1, 6)}` as "h2";
}
