import { useCallback, useMemo, useState } from "preact/hooks";
import { navigate, useHistoryState, useSearch } from "wouter-preact/use-browser-location";
import { fetchBook } from "../api/books";
import { ProblemError } from "../api/problem";
import { useLoaded } from "../api/use-loaded";
import { ErrorMessage } from "../components/ErrorMessage";
import { Message } from "../components/Message";
import { Page } from "../components/Page";
import { BookText } from "../components/reader/BookText";
import { Colophon } from "../components/reader/Colophon";
import { ContentsPanel } from "../components/reader/ContentsPanel";
import { FindPanel } from "../components/reader/FindPanel";
import { ReaderHeader } from "../components/reader/ReaderHeader";
import { Skeleton } from "../components/Skeleton";
import { useKeys } from "../components/use-keys";
import { useI18n, useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { readerTexts } from "../i18n/texts/reader";
import { type ReaderRequest, readerAddress, readReaderRequest } from "../reader/address";
import { chapterAt, contentsOf } from "../reader/contents";
import type { BookPage } from "../reader/pages";
import { stepperOf } from "../reader/stepper";
import { useBookPage } from "../reader/use-book-page";
import { usePageHits } from "../reader/use-page-hits";
import "../styles/prose.css";
import "../styles/reader.css";

/** A book, one page at a time. The address has the page and the query to highlight. */
export default function ReaderPage({ id }: { id: string }) {
  const t = useTexts(readerTexts);
  const common = useTexts(commonTexts);
  const { format } = useI18n();
  const queryString = useSearch();
  const state = useHistoryState();
  const request = useMemo(() => readReaderRequest(queryString), [queryString]);
  const { at, q, order } = request;

  const book = useLoaded(useCallback((signal) => fetchBook(id, signal), [id]));
  const text = useBookPage(id, request);
  // If a page does not load, the previous one stays visible.
  const [last, setLast] = useState<BookPage | null>(null);
  if (text.data && text.data !== last) setLast(text.data);
  const page = text.data ?? last;
  const hits = usePageHits(id, q, page);
  const contents = useMemo(() => contentsOf(book.data?.contents ?? []), [book.data]);

  const go = useCallback(
    (to: ReaderRequest, replace = false) => navigate(readerAddress(id, to), { replace, state }),
    [id, state],
  );
  const stepper = stepperOf({
    book: id,
    q,
    at,
    page,
    hits,
    // All steps share one history entry, so that going back once leaves them.
    onGo: (hit) => go({ at: hit, q, order }, at !== undefined),
  });
  const turn = (by: number) => () => {
    const to = (page?.number ?? 0) + by;
    if (page && to >= 1 && to <= page.pages) go({ page: to, q, order });
  };
  useKeys({
    ArrowLeft: turn(-1),
    ArrowRight: turn(1),
    "[": turn(-1),
    "]": turn(1),
    n: stepper?.next ?? null,
    p: stepper?.previous ?? null,
  });

  const failure = book.error ?? (page ? null : text.error);
  if (failure !== null) {
    const reload = () => {
      for (const part of [book, text]) if (part.error !== null) part.reload();
    };
    return (
      <Page title={common.loadFailed}>
        {failure instanceof ProblemError && failure.problem.status === 404 ? (
          <Message icon="book" heading="h1" title={t.noBookTitle}>
            <p>{t.noBookText}</p>
          </Message>
        ) : (
          <ErrorMessage error={failure} title={common.loadFailed} onRetry={reload} />
        )}
      </Page>
    );
  }
  if (!book.data || !page) {
    return (
      <Page title={common.loading} className="page reader">
        <Skeleton rows={12} label={common.loading} />
      </Page>
    );
  }
  const here = chapterAt(contents, at?.start ?? page.start);
  return (
    <Page title={t.pageTitle(book.data.title, format.number(page.number))} className="page reader">
      <ReaderHeader book={book.data} state={state} />
      <div className="reader-sides">
        <FindPanel
          book={id}
          request={request}
          contents={contents}
          stepper={stepper}
          state={state}
          onFind={(wanted) => go({ page: page.number, q: wanted, order })}
          onOrder={(wanted) => go({ ...request, order: wanted }, true)}
        />
        <ContentsPanel
          book={id}
          contents={contents}
          current={here}
          q={q}
          order={order}
          state={state}
        />
      </div>
      <BookText
        book={id}
        language={book.data.language}
        request={request}
        page={page}
        loading={text.loading}
        failure={
          text.error !== null && (
            <ErrorMessage error={text.error} title={common.loadFailed} onRetry={text.reload} />
          )
        }
        hits={hits}
        contents={contents}
        state={state}
        onGo={go}
      />
      <Colophon book={book.data} />
    </Page>
  );
}
