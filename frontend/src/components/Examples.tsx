import { useI18n } from "../i18n/I18n";

export function Examples({ onPick }: { onPick(query: string): void }) {
  const { t } = useI18n();
  return (
    <ul className="examples" lang="en">
      {t.examples.map((query) => (
        <li key={query}>
          <button type="button" className="chip" onClick={() => onPick(query)}>
            {query}
          </button>
        </li>
      ))}
    </ul>
  );
}
