import { useI18n, useTexts } from "../../i18n/I18n";
import { tracePanelTexts } from "../../i18n/texts/trace-panel";
import type { TimePart, TimeSplit } from "../../search/search-trace";

const PARTS = ["browser", "network", "server", "search"] as const satisfies TimePart[];

/** Where the time of one search went, as one bar; without a split, an empty bar as high. */
export function TimeSplitBar({ split }: { split: TimeSplit | null }) {
  const t = useTexts(tracePanelTexts);
  const { format } = useI18n();
  const labels: Record<TimePart, string> = {
    browser: t.partBrowser,
    network: t.partNetwork,
    server: t.partServer,
    search: t.partSearch,
  };
  const shown = (part: TimePart) => {
    const duration = split?.parts[part];
    return duration === undefined ? "–" : format.duration(duration);
  };
  return (
    <div className="time-split" aria-busy={!split}>
      <p className="time-split-total">
        {split ? t.totalTime : t.collectingSpans}{" "}
        {split && <strong>{format.duration(split.total)}</strong>}
      </p>
      <div className="time-split-bar" aria-hidden="true">
        {PARTS.map((part) => (
          <span
            key={part}
            className={`part-${part}`}
            style={{ flexGrow: split?.parts[part] ?? 0 }}
          />
        ))}
      </div>
      <ul className="time-split-parts" aria-label={t.timeSplit}>
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

/** As high as the panel's content will be. */
export function TracePanelPlaceholder() {
  return (
    <>
      <TimeSplitBar split={null} />
      <div className="disclosure" />
    </>
  );
}
