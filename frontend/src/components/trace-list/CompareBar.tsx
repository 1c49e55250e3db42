import { Link } from "wouter-preact";
import { useTexts } from "../../i18n/I18n";
import { comparisonTexts } from "../../i18n/texts/comparison";
import { traceListTexts } from "../../i18n/texts/trace-list";
import { MOST_COMPARED } from "../../trace-list/address";
import type { TraceList } from "../../trace-list/list";
import { Icon } from "../Icon";
import { useName } from "../trace/Name";

interface CompareBarProps {
  /** The ids of the selected traces. */
  chosen: readonly string[];
  list: TraceList | null;
  onChoose(ids: string[]): void;
}

/** The traces selected for comparison, at the lower edge of the window. */
export function CompareBar({ chosen, list, onChoose }: CompareBarProps) {
  const t = useTexts(comparisonTexts);
  const texts = useTexts(traceListTexts);
  const named = useName();
  const [first, second] = chosen;
  const label = (id: string) => {
    const found = list?.rows.find(({ trace_id }) => trace_id === id);
    const short = id.slice(0, 8);
    if (!found) return short;
    return `${found.query ? texts.query(found.query) : named(found.name)} ${short}`;
  };
  return (
    <section className="compare-bar" aria-label={t.bar}>
      <p role="status">{chosen.length < MOST_COMPARED ? t.choose : t.chosen}</p>
      <ul>
        {chosen.map((id) => (
          <li key={id}>
            <span>{label(id)}</span>
            <button
              type="button"
              className="button-icon"
              aria-label={t.remove(label(id))}
              onClick={() => onChoose(chosen.filter((each) => each !== id))}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      {first && second && (
        <Link href={`/traces/${first}?with=${second}`} className="button-primary">
          {t.compare}
        </Link>
      )}
    </section>
  );
}
