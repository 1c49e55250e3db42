import { Link } from "wouter-preact";
import type { Book } from "../../api/books";
import { useTexts } from "../../i18n/I18n";
import { libraryTexts } from "../../i18n/texts/library";
import { readerAddress } from "../../reader/address";
import { BookCover } from "../BookCover";
import "../../styles/cover-grid.css";

/** Books as a grid of covers. */
export function CoverGrid({ books }: { books: Book[] }) {
  const t = useTexts(libraryTexts);
  return (
    // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets
    <ul className="cover-grid" role="list" aria-label={t.tableTitle}>
      {books.map(({ id, title, author, year, language }) => (
        <li key={id} data-book-id={id}>
          <Link href={readerAddress(id, {})}>
            <BookCover id={id} title={title} author={author} language={language} />
            <span lang={language}>{title}</span>
          </Link>
          <p className="author">
            {author ?? t.unknownAuthor}
            {year !== null && <span>, {year}</span>}
          </p>
        </li>
      ))}
    </ul>
  );
}
