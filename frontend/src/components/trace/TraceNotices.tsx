import { useI18n, useTexts } from "../../i18n/I18n";
import { traceTexts } from "../../i18n/texts/trace";
import type { PreparedTrace } from "../../trace/prepare";
import type { WaterfallState } from "../../waterfall/use-waterfall";
import { Icon } from "../Icon";

interface TraceNoticesProps {
  prepared: PreparedTrace;
  state: WaterfallState;
}

/** What the waterfall does not show as recorded: missing parents, corrected clocks, zoom. */
export function TraceNotices({ prepared: { tree, moved, timeRange }, state }: TraceNoticesProps) {
  const t = useTexts(traceTexts);
  const { format } = useI18n();
  const { view, zoomed, zoom } = state;
  return (
    <>
      {tree.missingParents > 0 && (
        <p className="notice">
          <Icon name="warning" />
          {t.missingParents(tree.missingParents, format.number(tree.missingParents))}
        </p>
      )}
      {moved > 0 && (
        <p className="notice">
          <Icon name="clock" />
          {t.clockSkew(moved, format.number(moved))}
        </p>
      )}
      <div className="zoom-notice" aria-live="polite">
        {zoomed && (
          <>
            <span>
              {t.zoomed(
                format.duration(view.duration),
                format.duration(view.start - timeRange.start),
              )}
            </span>
            <button type="button" className="button-quiet" onClick={() => zoom(null)}>
              {t.zoomWhole}
            </button>
          </>
        )}
      </div>
    </>
  );
}
