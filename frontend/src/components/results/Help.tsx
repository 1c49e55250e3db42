import { useTexts } from "../../i18n/I18n";
import { resultsTexts } from "../../i18n/texts/results";
import { Icon } from "../Icon";

/** The query language, by example. */
export function Help() {
  const t = useTexts(resultsTexts);
  return (
    <details className="help">
      <summary className="disclosure">
        <Icon name="chevron" /> {t.help}
      </summary>
      <dl>
        {t.helpEntries.map(([query, meaning]) => (
          <div key={query}>
            <dt lang="en">
              <code>{query}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{t.helpMethods}</p>
    </details>
  );
}
