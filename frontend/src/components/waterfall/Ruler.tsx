import { useI18n, useTexts } from "../../i18n/I18n";
import { tracesTexts } from "../../i18n/texts/traces";
import { ticks } from "../../trace/layout";

const MOST_TICKS = 5;
/** A label any further right would stand outside. */
const LAST_LABEL = 0.88;

export function Ruler({ duration }: { duration: number }) {
  const t = useTexts(tracesTexts);
  const { format } = useI18n();
  return (
    <div className="waterfall-head" role="rowgroup">
      <div className="waterfall-columns" role="row">
        <div className="waterfall-name" role="columnheader">
          {t.columnSpan}
        </div>
        <div className="waterfall-time" role="columnheader" aria-label={t.columnTime}>
          {ticks(duration, MOST_TICKS).map((tick) => {
            const left = duration > 0 ? tick / duration : 0;
            return (
              <span key={tick} className="tick" style={{ "--left": left }}>
                {left <= LAST_LABEL && (tick === 0 ? "0" : format.duration(tick))}
              </span>
            );
          })}
        </div>
      </div>
    </div>
  );
}
