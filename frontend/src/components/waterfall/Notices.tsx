import { useI18n, useTexts } from "../../i18n/I18n";
import { waterfallTexts } from "../../i18n/texts/waterfall";
import type { PreparedTrace } from "../../trace/prepare";
import { Icon } from "../Icon";
import type { WaterfallState } from "./use-waterfall";

interface NoticesProps {
  prepared: PreparedTrace;
  state: WaterfallState;
}

/** What has to be known of a waterfall before it is believed. */
export function Notices({ prepared: { tree, moved, extent }, state }: NoticesProps) {
  const t = useTexts(waterfallTexts);
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
              {t.zoomed(format.duration(view.duration), format.duration(view.start - extent.start))}
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
