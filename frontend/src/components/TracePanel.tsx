import { Link } from "wouter-preact";
import { useTexts } from "../i18n/I18n";
import { samplingTexts } from "../i18n/texts/sampling";
import { tracesTexts } from "../i18n/texts/traces";
import { isSampled, type TraceRef } from "../search/run";
import { Boundary } from "./Boundary";
import { Icon } from "./Icon";
import { late } from "./late";
import { TimeStrip } from "./TimeStrip";
import "../styles/panel.css";

const ArrivedTrace = late(() => import("./ArrivedTrace"), Collecting);

/** The trace of the search beside it. While there is none yet, it keeps the place. */
export function TracePanel({ trace }: { trace: TraceRef | null }) {
  const t = useTexts(tracesTexts);
  return (
    <section className="panel" aria-label={t.panelTitle} data-trace-id={trace?.id}>
      <header className="panel-header">
        <h2>{t.panelTitle}</h2>
        {trace && isSampled(trace) && (
          <Link href={`/traces/${trace.id}`} className="text-link">
            {t.openTrace} <Icon name="arrow" />
          </Link>
        )}
      </header>
      <Boundary of={trace?.id ?? ""} fallback={() => <Failed />}>
        <Content trace={trace} />
      </Boundary>
    </section>
  );
}

function Content({ trace }: { trace: TraceRef | null }) {
  if (!trace) return <Collecting />;
  return isSampled(trace) ? <ArrivedTrace key={trace.id} trace={trace} /> : <NotSampled />;
}

/** Its results stay beside it. */
function Failed() {
  const t = useTexts(tracesTexts);
  return (
    <div className="explanation">
      <p>{t.traceFailed}</p>
    </div>
  );
}

function NotSampled() {
  const t = useTexts(samplingTexts);
  return (
    <div className="explanation">
      <h3>{t.notSampled}</h3>
      <p>{t.notSampledText}</p>
    </div>
  );
}

/** As high as what it stands for. */
export function Collecting() {
  return (
    <>
      <TimeStrip split={null} />
      <div className="disclosure" />
    </>
  );
}
