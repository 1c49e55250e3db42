import { useI18n, useTexts } from "../../i18n/I18n";
import { waterfallTexts } from "../../i18n/texts/waterfall";
import type { TimeRange } from "../../trace/tree";
import { ticks } from "../../waterfall/layout";
import { useDragRange } from "./use-drag-range";

const MOST_TICKS = 5;
/** A label further right would not fit. */
const LAST_LABEL = 0.88;

interface RulerProps {
  view: TimeRange;
  /** The start of the trace. */
  origin: number;
  onZoom(time: TimeRange): void;
}

/** The time scale. Dragging across it zooms in; the keyboard zooms to a span. */
export function Ruler({ view, origin, onZoom }: RulerProps) {
  const t = useTexts(waterfallTexts);
  const { format } = useI18n();
  const { stretch, handlers } = useDragRange((left, width) =>
    onZoom({ start: view.start + left * view.duration, duration: width * view.duration }),
  );
  const from = view.start - origin;
  // In a short range far from the start, rounded times since the start would all look the same.
  const label = (tick: number) => {
    if (from === 0) return tick === 0 ? "0" : format.duration(tick);
    return tick === 0 ? format.duration(from) : `+${format.duration(tick)}`;
  };
  return (
    <div className="waterfall-head" role="rowgroup">
      <div className="waterfall-columns" role="row" aria-rowindex={1}>
        <div className="waterfall-name" role="columnheader">
          {t.columnSpan}
        </div>
        <div
          className="waterfall-time"
          role="columnheader"
          aria-label={t.columnTime}
          title={t.drawToZoom}
          {...handlers}
        >
          {ticks(view.duration, MOST_TICKS).map((tick) => {
            const left = view.duration > 0 ? tick / view.duration : 0;
            return (
              <span key={tick} className="tick" style={{ "--left": left }}>
                {left <= LAST_LABEL && label(tick)}
              </span>
            );
          })}
          {stretch && (
            <span
              className="waterfall-stretch"
              style={{ "--left": stretch.left, "--width": stretch.width }}
            />
          )}
        </div>
      </div>
    </div>
  );
}
