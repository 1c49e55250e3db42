import { Link } from "wouter-preact";
import { useTexts } from "../../i18n/I18n";
import { samplingTexts } from "../../i18n/texts/sampling";
import { tracePanelTexts } from "../../i18n/texts/trace-panel";
import { isSampled, type TraceRef } from "../../search/run";
import { ErrorBoundary } from "../ErrorBoundary";
import { Icon } from "../Icon";
import { lazy } from "../lazy";
import { TracePanelPlaceholder } from "./TimeSplitBar";
import "../../styles/panel.css";

const SearchTrace = lazy(() => import("./SearchTrace"), TracePanelPlaceholder);

/** The trace of the search, beside its results. Shows a placeholder while there is no trace. */
export function TracePanel({ trace }: { trace: TraceRef | null }) {
  const t = useTexts(tracePanelTexts);
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
      <ErrorBoundary resetKey={trace?.id ?? ""} fallback={() => <Failed />}>
        <Content trace={trace} />
      </ErrorBoundary>
    </section>
  );
}

function Content({ trace }: { trace: TraceRef | null }) {
  if (!trace) return <TracePanelPlaceholder />;
  return isSampled(trace) ? <SearchTrace key={trace.id} trace={trace} /> : <NotSampled />;
}

/** The panel failed; the results beside it stay. */
function Failed() {
  const t = useTexts(tracePanelTexts);
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
