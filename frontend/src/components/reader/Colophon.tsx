import type { BookDetails } from "../../api/books";
import { useTexts } from "../../i18n/I18n";
import { readerTexts } from "../../i18n/texts/reader";

/** Source, rights and original of the text. */
export function Colophon({ book: { id, source, rights, url } }: { book: BookDetails }) {
  const t = useTexts(readerTexts);
  return (
    <section className="colophon" aria-label={t.about}>
      <h2>{t.about}</h2>
      <dl>
        <div>
          <dt>{t.identifier}</dt>
          <dd>
            <code>{id}</code>
          </dd>
        </div>
        <div>
          <dt>{t.source}</dt>
          <dd>{t.sources[source] ?? source}</dd>
        </div>
        <div>
          <dt>{t.rights}</dt>
          <dd>{rights ?? t.noRights}</dd>
        </div>
        {url && (
          <div>
            <dt>{t.original}</dt>
            <dd>
              <a href={url} rel="noreferrer">
                {url}
              </a>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
