import { type FormEvent, useCallback, useMemo } from "react";
import { Link } from "wouter";
import { navigate, useSearch } from "wouter/use-browser-location";
import { fetchBooks } from "../api/books";
import { useLoaded } from "../api/use-loaded";
import { ErrorMessage } from "../components/ErrorMessage";
import { BookTable } from "../components/library/BookTable";
import { Message } from "../components/Message";
import { Page } from "../components/Page";
import { Pager } from "../components/Pager";
import { Skeleton } from "../components/Skeleton";
import { useI18n, useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { libraryTexts } from "../i18n/texts/library";
import {
  booksParams,
  type LibraryRequest,
  libraryAddress,
  PAGE_SIZE,
  readLibraryRequest,
} from "../library/request";
import "../styles/table.css";

export default function LibraryPage() {
  const t = useTexts(libraryTexts);
  const common = useTexts(commonTexts);
  const { format } = useI18n();
  const queryString = useSearch();
  const request = useMemo(() => readLibraryRequest(queryString), [queryString]);
  const load = useCallback(
    (signal: AbortSignal) => fetchBooks(booksParams(request), signal),
    [request],
  );
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
        <Filter key={libraryAddress(request)} request={request} filtered={filtered} />
      </header>
      {error !== null && <ErrorMessage error={error} title={common.loadFailed} onRetry={reload} />}
      {!data && error === null && <Skeleton rows={12} label={common.loading} />}
      {data && data.books.length > 0 && <BookTable books={data.books} request={request} />}
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

function Filter({ request, filtered }: { request: LibraryRequest; filtered: boolean }) {
  const t = useTexts(libraryTexts);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => String(form.get(name) ?? "").trim();
    const next = { ...request, title: typed("title"), author: typed("author"), page: 1 };
    navigate(libraryAddress(next));
  };
  const field = (name: "title" | "author", label: string) => (
    <span className="field">
      <input
        name={name}
        aria-label={label}
        placeholder={label}
        defaultValue={request[name]}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
      />
    </span>
  );
  return (
    <search>
      <form className="page-actions" onSubmit={submit}>
        {field("title", t.filterTitle)}
        {field("author", t.filterAuthor)}
        <button type="submit" className="button">
          {t.filter}
        </button>
        {filtered && (
          <Link href="/library" className="button">
            {t.clear}
          </Link>
        )}
      </form>
    </search>
  );
}
