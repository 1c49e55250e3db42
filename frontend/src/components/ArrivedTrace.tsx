import { useState } from "preact/hooks";
import { TraceStoreOffError } from "../api/traces";
import { useTexts } from "../i18n/I18n";
import { samplingTexts } from "../i18n/texts/sampling";
import { tracesTexts } from "../i18n/texts/traces";
import { useRecovery } from "../recovery/use-recovery";
import type { TraceRef } from "../search/run";
import { wholeFor } from "../trace/arrival";
import { splitTime } from "../trace/split";
import { useTrace } from "../trace/use-trace";
import { Icon } from "./Icon";
import { TimeStrip } from "./TimeStrip";
import { TraceId } from "./TraceId";
import { TraceLinks } from "./TraceLinks";
import { Collecting } from "./TracePanel";
import { TraceView } from "./waterfall/TraceView";

const ROOM_FOR_WATERFALL = "(min-width: 75rem)";

export default function ArrivedTrace({ trace }: { trace: TraceRef }) {
  const t = useTexts(tracesTexts);
  const sampling = useTexts(samplingTexts);
  const [open, setOpen] = useState(() => window.matchMedia(ROOM_FOR_WATERFALL).matches);
  const [selected, setSelected] = useState<string | null>(null);
  const { prepared, settled, whole, error, reload } = useTrace(trace.id, wholeFor(trace));
  useRecovery(error, reload);

  if (!settled) return <Collecting />;
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
      {split && <TimeStrip split={split} />}
      {!trace.fromServer && <p className="notice">{sampling.serverNotSampled}</p>}
      {!whole && <p className="notice">{t.tracePartial}</p>}
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
      {open && <TraceView prepared={prepared} selected={selected} onSelect={setSelected} />}
    </>
  );
}

function Explanation({ error }: { error: unknown }) {
  const t = useTexts(tracesTexts);
  const storeOff = error instanceof TraceStoreOffError;
  return (
    <div className="explanation">
      <h3>{storeOff ? t.storeOffTitle : t.traceLateTitle}</h3>
      <p>{storeOff ? t.storeOffText : error ? t.traceFailed : t.traceLateText}</p>
    </div>
  );
}
