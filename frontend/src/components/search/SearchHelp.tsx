import { useTexts } from "../../i18n/I18n";
import { resultsTexts } from "../../i18n/texts/results";
import { Icon } from "../Icon";

/** Examples of the query syntax, the controls and the keyboard. */
export function SearchHelp() {
  const t = useTexts(resultsTexts);
  return (
    <details className="help">
      <summary className="disclosure">
        <Icon name="chevron" /> {t.help}
      </summary>
      <h2>{t.helpQuery}</h2>
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
      <h2>{t.helpControls}</h2>
      <dl>
        {t.helpControlEntries.map(([control, meaning]) => (
          <div key={control}>
            <dt>{control}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <h2>{t.helpKeys}</h2>
      <dl>
        {t.helpKeyEntries.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
