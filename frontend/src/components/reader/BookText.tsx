import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { BookHits } from "../../api/books";
import { useI18n, useTexts } from "../../i18n/I18n";
import { readerTexts } from "../../i18n/texts/reader";
import { type ReaderRequest, readerAddress } from "../../reader/address";
import { type Contents, chapterAt, headingOf, pathOf } from "../../reader/contents";
import { chosenDisplay, type Display, keepDisplay, SCALES } from "../../reader/display";
import { highlightsOf } from "../../reader/highlights";
import { type BookPage, blockAt } from "../../reader/pages";
import type { Block } from "../../text/blocks";
import { Pager } from "../Pager";
import { BookBlock, headingElement } from "./BookBlock";
import { DisplayPanel } from "./DisplayPanel";
import { PageSlider } from "./PageSlider";

interface BookTextProps {
  book: string;
  language: string;
  request: ReaderRequest;
  page: BookPage;
  loading: boolean;
  /** An error message if the requested page did not load; `page` is then the page before. */
  failure: ComponentChildren;
  hits: BookHits | null;
  contents: Contents;
  state: unknown;
  onGo(request: ReaderRequest, replace?: boolean): void;
}

/** One page of a book's text. */
export function BookText(props: BookTextProps) {
  const { book, language, request, page, loading, failure, hits, contents, state, onGo } = props;
  const t = useTexts(readerTexts);
  const { format } = useI18n();
  const { at, q, order } = request;
  const text = useRef<HTMLElement>(null);
  const [announcement, setAnnouncement] = useState("");
  const [display, setDisplay] = useState(chosenDisplay);
  const highlights = useMemo(() => highlightsOf(hits), [hits]);
  useArrival(text, page, request);

  const link = (block: Block) => readerAddress(book, { at: block, q, order });
  const share = async (block: Block) => {
    onGo({ at: block, q, order }, true);
    try {
      await navigator.clipboard.writeText(new URL(link(block), window.location.href).href);
      setAnnouncement(t.linkCopied);
    } catch {
      setAnnouncement(t.linkShown);
    }
  };
  const look = (chosen: Display) => {
    setDisplay(chosen);
    keepDisplay(chosen);
  };
  const pages = format.number(page.pages);
  return (
    <div className="reader-text">
      {failure}
      <div className="reader-bar">
        <PageSlider key={page.number} page={page} onGo={(to) => onGo({ page: to, q, order })} />
        <DisplayPanel display={display} onChange={look} />
      </div>
      <Above page={page} language={language} contents={contents} />
      <section
        ref={text}
        className="book-text"
        tabIndex={-1}
        aria-label={t.text(format.number(page.number), pages)}
        aria-busy={loading}
      >
        <div
          className={`sheet ${display.measure} ${display.face}`}
          style={{ "--scale": SCALES[display.size] ?? 1 }}
          lang={language}
        >
          {page.blocks.length === 0 && <p className="quiet">{t.emptyBook}</p>}
          {page.blocks.map((block) => (
            <BookBlock
              key={block.start}
              block={block}
              heading={headingOf(contents, block)}
              highlights={highlights}
              target={at && at.end > at.start ? at : null}
              link={link(block)}
              linkLabel={t.linkToPassage}
              onLink={() => share(block)}
            />
          ))}
        </div>
      </section>
      <p className="visually-hidden" role="status">
        {announcement}
      </p>
      <Pager
        label={t.pages}
        page={page.number}
        pages={page.pages}
        addressOf={(number) => readerAddress(book, { page: number, q, order })}
        state={state}
      />
      <p className="quiet keys">{t.keys}</p>
    </div>
  );
}

/** Headings of chapters that began on an earlier page, for screen readers. */
function Above(props: Pick<BookTextProps, "page" | "language" | "contents">) {
  const { page, language, contents } = props;
  const begun = pathOf(chapterAt(contents, page.start)).filter(({ start }) => start < page.start);
  return begun.map((chapter) => {
    const Heading = headingElement(chapter);
    return (
      <Heading key={chapter.start} className="visually-hidden" lang={language}>
        {chapter.title}
      </Heading>
    );
  });
}

/** Scrolls to what the address points to, and moves the focus there. */
function useArrival(
  text: RefObject<HTMLElement | null>,
  page: BookPage,
  { at }: ReaderRequest,
): void {
  const start = at?.start;
  const end = at?.end;
  const arrived = useRef<BookPage>(null);
  // Before the paint, so that the new page never shows at the old scroll position.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end of a passage is a place, too
  useLayoutEffect(() => {
    const element = text.current;
    const before = arrived.current;
    arrived.current = page;
    if (start === undefined) {
      // After a turn, the new page is read from its top. The first page and a search do not scroll.
      if (before && before.number !== page.number) arriveAt(element, "start");
      return;
    }
    const block = blockAt(page, start);
    const target = block && element?.querySelector<HTMLElement>(`[data-start="${block.start}"]`);
    arriveAt(target, start === end ? "start" : "center");
  }, [page, start, end]);
}

function arriveAt(element: HTMLElement | null | undefined, block: ScrollLogicalPosition): void {
  element?.focus({ preventScroll: true });
  // A paragraph may be longer than the window.
  const target = element?.querySelector(".target") ?? element;
  target?.scrollIntoView({ block });
}
