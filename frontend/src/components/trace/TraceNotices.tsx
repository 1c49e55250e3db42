import type { ComponentChildren } from "preact";
import { useI18n, useTexts } from "../../i18n/I18n";
import { traceTexts } from "../../i18n/texts/trace";
import type { PreparedTrace } from "../../trace/prepare";
import type { Cycle } from "../../trace/tree";
import type { WaterfallState } from "../../waterfall/use-waterfall";
import { Icon, type IconName } from "../Icon";
import { ClockNotice } from "./ClockNotice";
import { useName } from "./Name";

interface TraceNoticesProps {
  prepared: PreparedTrace;
  state: WaterfallState;
  onCorrect(corrects: boolean): void;
}

/** What the waterfall does not show as recorded: spans that are missing, cycles, clocks, zoom. */
export function TraceNotices({ prepared, state, onCorrect }: TraceNoticesProps) {
  const t = useTexts(traceTexts);
  const { tree, missing } = prepared;
  return (
    <>
      <Counted count={missing.full} says={t.traceFull} />
      <Counted count={missing.conflicting} says={t.conflictingSpans} />
      <Counted count={missing.unreadable} says={t.unreadableSpans} />
      <Counted count={tree.missingParents} says={t.missingParents} />
      <CycleNotice cycles={tree.cycles} />
      <ClockNotice skew={prepared.skew} corrected={prepared.corrected} onCorrect={onCorrect} />
      <ZoomNotice prepared={prepared} state={state} />
    </>
  );
}

function Notice({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return (
    <p className="notice">
      <Icon name={icon} />
      {children}
    </p>
  );
}

function Counted({ count, says }: { count: number; says(count: number, shown: string): string }) {
  const { format } = useI18n();
  return count > 0 ? <Notice icon="warning">{says(count, format.number(count))}</Notice> : null;
}

/** One line for all cycles. It names where the first one is cut. */
function CycleNotice({ cycles }: { cycles: readonly Cycle[] }) {
  const t = useTexts(traceTexts);
  const { format } = useI18n();
  const named = useName();
  const [first] = cycles;
  if (!first) return null;
  const { cut, spans } = first;
  return (
    <Notice icon="warning">
      {cycles.length === 1
        ? t.cycle(spans, format.number(spans), named(cut.name))
        : t.cycles(format.number(cycles.length), named(cut.name))}
    </Notice>
  );
}

function ZoomNotice({ prepared, state }: Omit<TraceNoticesProps, "onCorrect">) {
  const t = useTexts(traceTexts);
  const { format } = useI18n();
  const { view, zoomed, zoom } = state;
  return (
    <div className="zoom-notice" aria-live="polite">
      {zoomed && (
        <>
          <span>
            {t.zoomed(
              format.duration(view.duration),
              format.duration(view.start - prepared.timeRange.start),
            )}
          </span>
          <button type="button" className="button-quiet" onClick={() => zoom(null)}>
            {t.zoomWhole}
          </button>
        </>
      )}
    </div>
  );
}
