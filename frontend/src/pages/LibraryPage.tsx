import { type Book, fetchBooks } from "../api/books";
import { useLoaded } from "../api/use-loaded";
import { ErrorMessage } from "../components/ErrorMessage";
import { Page } from "../components/Page";
import { Skeleton } from "../components/Skeleton";
import { useI18n } from "../i18n/I18n";
import "../styles/table.css";

export default function LibraryPage() {
  const { t, format } = useI18n();
  const { data: books, error, reload } = useLoaded(fetchBooks);
  const words = books?.reduce((sum, book) => sum + book.word_count, 0) ?? 0;
  return (
    <Page title={t.libraryTitle}>
      <header className="page-header">
        <div>
          <h1>{t.libraryTitle}</h1>
          <p className="quiet">
            {books
              ? t.libraryText(books.length, format.number(books.length), format.number(words))
              : t.loading}
          </p>
        </div>
      </header>
      {error !== null && <ErrorMessage error={error} title={t.loadFailed} onRetry={reload} />}
      {!books && error === null && <Skeleton rows={12} label={t.loading} />}
      {books && <BookTable books={books} />}
    </Page>
  );
}

function BookTable({ books }: { books: Book[] }) {
  const { t, format, language } = useI18n();
  const { compare } = new Intl.Collator(language);
  const sorted = books.toSorted(
    (a, b) => compare(shelfMark(a), shelfMark(b)) || compare(a.title, b.title),
  );
  return (
    <table className="table books">
      <thead>
        <tr>
          <th scope="col">{t.columnTitle}</th>
          <th scope="col">{t.columnAuthor}</th>
          <th scope="col" className="numeric">
            {t.columnYear}
          </th>
          <th scope="col" className="numeric">
            {t.columnWords}
          </th>
        </tr>
      </thead>
      <tbody>
        {sorted.map(({ id, title, author, year, word_count }) => (
          <tr key={id} data-book-id={id}>
            <th scope="row" lang="en">
              {title}
            </th>
            <td data-label={t.columnAuthor}>{author ?? t.unknownAuthor}</td>
            <td data-label={t.columnYear} className="numeric">
              {year ?? "–"}
            </td>
            <td data-label={t.columnWords} className="numeric">
              {format.number(word_count)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Books stand by their author's surname; those without an author come last. */
function shelfMark({ author }: Book): string {
  return author?.split(" ").at(-1) ?? "\uffff";
}
