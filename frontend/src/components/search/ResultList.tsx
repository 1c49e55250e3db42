import { Link } from "wouter-preact";
import { useI18n, useTexts } from "../../i18n/I18n";
import { resultsTexts } from "../../i18n/texts/results";
import { useCount } from "../../i18n/use-count";
import { readerAddress } from "../../reader/address";
import { type SearchRequest, searchAddress } from "../../search/address";
import type { Hit } from "../../search/results";
import { Blocks } from "../Blocks";
import { BookCover } from "../BookCover";
import { Icon } from "../Icon";
import { useGradual } from "./use-first-then-all";

interface ResultListProps {
  hits: Hit[];
  /** Whether the search was cut, so that a book can have more passages than were found. */
  partial: boolean;
  request: SearchRequest;
  /** The history entry of the search. */
  entry: string;
}

export function ResultList({ hits, ...search }: ResultListProps) {
  const t = useTexts(resultsTexts);
  const shown = useGradual(hits);
  return (
    // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets
    <ol className="results" role="list" aria-label={t.results}>
      {shown.map((hit) => (
        <li key={hit.id}>
          <Result hit={hit} {...search} />
        </li>
      ))}
    </ol>
  );
}

function Result({ hit, partial, request, entry }: Omit<ResultListProps, "hits"> & { hit: Hit }) {
  const t = useTexts(resultsTexts);
  const count = useCount(partial);
  const { id, title, author, year, passages, passagesCount } = hit;
  // The reader links back to these results.
  const state = { results: { address: searchAddress(request), search: entry } };
  const { q } = request;
  return (
    <article className="result" data-book-id={id}>
      <BookCover id={id} title={title} author={author} />
      <header>
        <div>
          <h2 lang="en">
            <Link href={readerAddress(id, {})} state={state}>
              {title}
            </Link>
          </h2>
          <p className="author">
            {author ?? t.unknownAuthor}
            {year !== null && <span>, {year}</span>}
          </p>
        </div>
        <Score score={hit.score} share={hit.share} />
      </header>
      <ul className="passages">
        {passages.map(({ start, end, blocks }) => (
          <li key={start}>
            <Link
              href={readerAddress(id, { at: { start, end }, q })}
              state={state}
              className="passage"
              lang="en"
            >
              <Blocks blocks={blocks} />
            </Link>
          </li>
        ))}
      </ul>
      <Link href={readerAddress(id, { q })} state={state} className="text-link">
        {request.method === "bm25" ? t.passages(passagesCount, count(passagesCount)) : t.findInBook}
        <Icon name="arrow" />
      </Link>
    </article>
  );
}

function Score({ score, share }: { score: number; share: number }) {
  const t = useTexts(resultsTexts);
  const { format } = useI18n();
  return (
    <p className="score">
      <span className="visually-hidden">{t.score} </span>
      <span>{format.score(score)}</span>
      <span className="score-bar" aria-hidden="true">
        <span style={{ inlineSize: `${share * 100}%` }} />
      </span>
    </p>
  );
}
