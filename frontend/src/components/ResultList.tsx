import { useI18n } from "../i18n/I18n";
import type { Hit } from "../search/present";

export function ResultList({ hits }: { hits: Hit[] }) {
  const { t } = useI18n();
  return (
    // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets
    <ol className="results" role="list" aria-label={t.results}>
      {hits.map((hit) => (
        <li key={hit.id}>
          <Result hit={hit} />
        </li>
      ))}
    </ol>
  );
}

function Result({ hit }: { hit: Hit }) {
  const { t } = useI18n();
  return (
    <article className="result" data-book-id={hit.id}>
      <header>
        <div>
          <h2>{hit.title}</h2>
          <p className="author">{hit.author ?? t.unknownAuthor}</p>
        </div>
        <Score score={hit.score} share={hit.share} />
      </header>
      <p className="snippet" lang="en">
        {hit.snippet.map(({ text, marked }, index) => {
          const Part = marked ? "mark" : "span";
          return <Part key={index}>{text}</Part>;
        })}
      </p>
    </article>
  );
}

function Score({ score, share }: { score: number; share: number }) {
  const { t, format } = useI18n();
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
