import { Link } from "wouter-preact";
import type { BookDetails } from "../../api/books";
import { useI18n, useTexts } from "../../i18n/I18n";
import { readerTexts } from "../../i18n/texts/reader";
import { BookCover } from "../BookCover";
import { Icon } from "../Icon";

/** The results that the reader came from. */
interface Origin {
  address: string;
  search: string | undefined;
}

export function ReaderHeader({ book, state }: { book: BookDetails; state: unknown }) {
  const t = useTexts(readerTexts);
  const { format } = useI18n();
  const results = resultsOf(state);
  return (
    <header className="reader-header">
      <p className="reader-ways">
        {results && (
          <Link href={results.address} state={{ search: results.search }} className="text-link">
            <Icon name="back" /> {t.backToResults}
          </Link>
        )}
        <Link href="/library" className="text-link">
          <Icon name="book" /> {t.allBooks}
        </Link>
      </p>
      <BookCover {...book} />
      <h1 lang={book.language}>{book.title}</h1>
      <p className="author">
        <span lang={book.author ? book.language : undefined}>{book.author ?? t.unknownAuthor}</span>
        {book.year !== null && <span>, {book.year}</span>}
        <span className="quiet"> · {t.words(format.number(book.word_count))}</span>
      </p>
    </header>
  );
}

/** The results that a history entry of the reader links back to, or null. */
function resultsOf(state: unknown): Origin | null {
  if (typeof state !== "object" || state === null || !("results" in state)) return null;
  return state.results as Origin;
}
