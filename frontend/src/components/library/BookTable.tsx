import { Link } from "wouter-preact";
import type { Book } from "../../api/books";
import { useI18n, useTexts } from "../../i18n/I18n";
import { libraryTexts } from "../../i18n/texts/library";
import { type LibraryRequest, libraryAddress, type Sort } from "../../library/address";
import { readerAddress } from "../../reader/address";

export function BookTable({ books, request }: { books: Book[]; request: LibraryRequest }) {
  const t = useTexts(libraryTexts);
  const { format } = useI18n();
  const sortable = (sort: Sort, label: string, className?: string) => (
    <th
      scope="col"
      className={className}
      aria-sort={request.sort === sort ? "ascending" : undefined}
    >
      <Link href={libraryAddress({ ...request, sort, page: 1 })}>{label}</Link>
    </th>
  );
  return (
    <table className="table books" aria-label={t.tableTitle}>
      <thead>
        <tr>
          {sortable("title", t.columnTitle)}
          {sortable("author", t.columnAuthor)}
          {sortable("year", t.columnYear, "numeric")}
          <th scope="col" className="numeric">
            {t.columnWords}
          </th>
        </tr>
      </thead>
      <tbody>
        {books.map(({ id, title, author, year, language, word_count }) => (
          <tr key={id} data-book-id={id}>
            <th scope="row" lang={language}>
              <Link href={readerAddress(id, {})}>{title}</Link>
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
