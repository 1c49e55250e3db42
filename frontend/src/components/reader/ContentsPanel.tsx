import { useRef, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { useTexts } from "../../i18n/I18n";
import { readerTexts } from "../../i18n/texts/reader";
import { type Order, readerAddress } from "../../reader/address";
import { type Chapter, type Contents, pathOf } from "../../reader/contents";
import { Icon } from "../Icon";
import { useCurrentInView } from "./use-current-in-view";

const ROOM_BESIDE_THE_TEXT = "(min-width: 60rem)";

interface ChaptersProps {
  book: string;
  current: Chapter | null;
  q: string | undefined;
  order: Order | undefined;
  state: unknown;
}

/** The table of contents. Closed parts are not rendered: a book may have a thousand chapters. */
export function ContentsPanel({ contents, ...props }: ChaptersProps & { contents: Contents }) {
  const t = useTexts(readerTexts);
  const { current } = props;
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(() => window.matchMedia(ROOM_BESIDE_THE_TEXT).matches);

  useCurrentInView(list, open && current);

  return (
    <nav className="contents" aria-label={t.contents}>
      <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="disclosure">
          <Icon name="chevron" /> {t.contents}
        </summary>
        {open && (
          <div className="contents-list" ref={list}>
            {contents.chapters.length > 0 ? (
              <Chapters chapters={contents.chapters} {...props} />
            ) : (
              <p className="quiet">{t.noContents}</p>
            )}
          </div>
        )}
      </details>
    </nav>
  );
}

function Chapters({ chapters, ...props }: ChaptersProps & { chapters: Chapter[] }) {
  return (
    <ol>
      {chapters.map((chapter) => (
        <ChapterEntry key={chapter.start} chapter={chapter} {...props} />
      ))}
    </ol>
  );
}

function ChapterEntry({ chapter, ...props }: ChaptersProps & { chapter: Chapter }) {
  const t = useTexts(readerTexts);
  const { book, current, q, order, state } = props;
  const { title, start, children } = chapter;
  const holdsCurrent = pathOf(current).includes(chapter);
  const [open, setOpen] = useState(holdsCurrent);
  const [wasCurrent, setWasCurrent] = useState(holdsCurrent);
  if (wasCurrent !== holdsCurrent) {
    setWasCurrent(holdsCurrent);
    if (holdsCurrent) setOpen(true);
  }
  return (
    <li>
      <div className="chapter">
        {children.length > 0 ? (
          <button
            type="button"
            className="disclosure"
            aria-expanded={open}
            aria-label={t.show(title)}
            onClick={() => setOpen(!open)}
          >
            <Icon name="chevron" />
          </button>
        ) : (
          <span />
        )}
        <Link
          href={readerAddress(book, { at: { start, end: start }, q, order })}
          state={state}
          aria-current={chapter === current ? "true" : undefined}
        >
          {title}
        </Link>
      </div>
      {open && children.length > 0 && <Chapters chapters={children} {...props} />}
    </li>
  );
}
