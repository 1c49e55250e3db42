import { useState } from "preact/hooks";
import { TraceStoreOffError } from "../../api/trace";
import { useTexts } from "../../i18n/I18n";
import { samplingTexts } from "../../i18n/texts/sampling";
import { traceTexts } from "../../i18n/texts/trace";
import { tracePanelTexts } from "../../i18n/texts/trace-panel";
import { useRecovery } from "../../recovery/use-recovery";
import type { TraceRef } from "../../search/run";
import { isCompleteFor, splitTime } from "../../search/search-trace";
import { useTrace } from "../../trace/use-trace";
import { Icon } from "../Icon";
import { TraceId } from "../trace/TraceId";
import { TraceLinks } from "../trace/TraceLinks";
import { TraceView } from "../trace/TraceView";
import { TimeSplitBar, TracePanelPlaceholder } from "./TimeSplitBar";

const ROOM_FOR_WATERFALL = "(min-width: 75rem)";

export default function SearchTrace({ trace }: { trace: TraceRef }) {
  const t = useTexts(tracePanelTexts);
  const sampling = useTexts(samplingTexts);
  const [open, setOpen] = useState(() => window.matchMedia(ROOM_FOR_WATERFALL).matches);
  const [selected, setSelected] = useState<string | null>(null);
  const { prepared, settled, complete, error, correct, reload } = useTrace(
    trace.id,
    isCompleteFor(trace),
  );
  useRecovery(error, reload);

  if (!settled) return <TracePanelPlaceholder />;
  if (!prepared) {
    return (
      <>
        <Explanation error={error} />
        <TraceId id={trace.id} />
        <TraceLinks traceId={trace.id} />
      </>
    );
  }
  const split = splitTime(prepared.tree);
  return (
    <>
      {split && <TimeSplitBar split={split} />}
      {!trace.fromServer && <p className="notice">{sampling.serverNotSampled}</p>}
      {!complete && <p className="notice">{t.tracePartial}</p>}
      <TraceLinks traceId={trace.id} />
      <button
        type="button"
        className="disclosure"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="chevron" />
        {open ? t.hideWaterfall : t.showWaterfall}
      </button>
      {open && (
        <TraceView
          prepared={prepared}
          selected={selected}
          onSelect={setSelected}
          onCorrect={correct}
        />
      )}
    </>
  );
}

function Explanation({ error }: { error: unknown }) {
  const t = useTexts(tracePanelTexts);
  const trace = useTexts(traceTexts);
  const storeOff = error instanceof TraceStoreOffError;
  return (
    <div className="explanation">
      <h3>{storeOff ? trace.storeOffTitle : t.traceLateTitle}</h3>
      <p>{storeOff ? trace.storeOffText : error ? t.traceFailed : t.traceLateText}</p>
    </div>
  );
}
