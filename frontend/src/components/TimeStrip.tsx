import { useI18n, useTexts } from "../i18n/I18n";
import { tracesTexts } from "../i18n/texts/traces";
import { PARTS, type Part, type Split } from "../trace/parts";

/** Where the time of one search went, as one bar. Without a split yet, it keeps the place. */
export function TimeStrip({ split }: { split: Split | null }) {
  const t = useTexts(tracesTexts);
  const { format } = useI18n();
  const labels: Record<Part, string> = {
    browser: t.partBrowser,
    network: t.partNetwork,
    server: t.partServer,
    search: t.partSearch,
  };
  const shown = (part: Part) => {
    const duration = split?.parts[part];
    return duration === undefined ? "–" : format.duration(duration);
  };
  return (
    <div className="strip" aria-busy={!split}>
      <p className="strip-total">
        {split ? t.totalTime : t.collectingSpans}{" "}
        {split && <strong>{format.duration(split.total)}</strong>}
      </p>
      <div className="strip-bar" aria-hidden="true">
        {PARTS.map((part) => (
          <span
            key={part}
            className={`part-${part}`}
            style={{ flexGrow: split?.parts[part] ?? 0 }}
          />
        ))}
      </div>
      <ul className="strip-parts" aria-label={t.timeSplit}>
        {PARTS.map((part) => (
          <li key={part}>
            <span className={`swatch part-${part}`} aria-hidden="true" />
            <span>{labels[part]}</span> <b>{shown(part)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
