import { useCallback, useMemo } from "preact/hooks";
import { Link } from "wouter-preact";
import { useSearch } from "wouter-preact/use-browser-location";
import { booksUrl, fetchBooks } from "../api/books";
import { useLoaded } from "../api/use-loaded";
import { ErrorMessage } from "../components/ErrorMessage";
import { BookTable } from "../components/library/BookTable";
import { CoverGrid } from "../components/library/CoverGrid";
import { LibraryControls } from "../components/library/LibraryControls";
import { Message } from "../components/Message";
import { Page } from "../components/Page";
import { Pager } from "../components/Pager";
import { Skeleton } from "../components/Skeleton";
import { useI18n, useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { libraryTexts } from "../i18n/texts/library";
import { booksRequest, libraryAddress, PAGE_SIZE, readLibraryRequest } from "../library/address";
import "../styles/table.css";

export default function LibraryPage() {
  const t = useTexts(libraryTexts);
  const common = useTexts(commonTexts);
  const { format } = useI18n();
  const queryString = useSearch();
  const request = useMemo(() => readLibraryRequest(queryString), [queryString]);
  const asked = booksUrl(booksRequest(request)).href;
  const load = useCallback((signal: AbortSignal) => fetchBooks(asked, signal), [asked]);
  const { data, error, reload } = useLoaded(load);
  const filtered = request.title !== "" || request.author !== "";
  const total = data?.total_books ?? 0;
  const count = filtered ? t.foundText : t.libraryText;
  return (
    <Page title={t.libraryTitle}>
      <header className="page-header">
        <div>
          <h1>{t.libraryTitle}</h1>
          <p className="quiet" role="status">
            {data ? count(total, format.number(total)) : common.loading}
          </p>
        </div>
      </header>
      <LibraryControls request={request} filtered={filtered} />
      {error !== null && <ErrorMessage error={error} title={common.loadFailed} onRetry={reload} />}
      {!data && error === null && <Skeleton rows={12} label={common.loading} />}
      {data &&
        data.books.length > 0 &&
        (request.view === "covers" ? (
          <CoverGrid books={data.books} />
        ) : (
          <BookTable books={data.books} request={request} />
        ))}
      {data?.books.length === 0 && (
        <Message icon="book" title={t.noneTitle}>
          <p>{t.noneText}</p>
          <Link href="/library" className="button">
            {t.clear}
          </Link>
        </Message>
      )}
      {total > PAGE_SIZE && (
        <Pager
          label={t.pages}
          page={request.page}
          pages={Math.ceil(total / PAGE_SIZE)}
          addressOf={(page) => libraryAddress({ ...request, page })}
        />
      )}
    </Page>
  );
}
