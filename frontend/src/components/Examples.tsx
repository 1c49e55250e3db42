import { useTexts } from "../i18n/I18n";
import { searchTexts } from "../i18n/texts/search";

export function Examples({ onPick }: { onPick(query: string): void }) {
  const t = useTexts(searchTexts);
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
