import { lazy, Suspense } from "react";
import { Link } from "wouter";
import { useTexts } from "../i18n/I18n";
import { tracesTexts } from "../i18n/texts/traces";
import type { TraceRef } from "../search/run";
import { Icon } from "./Icon";
import { TimeStrip } from "./TimeStrip";
import "../styles/panel.css";

const ArrivedTrace = lazy(() => import("./ArrivedTrace"));

/** The trace of the search beside it. While there is none yet, it keeps the place. */
export function TracePanel({ trace }: { trace: TraceRef | null }) {
  const t = useTexts(tracesTexts);
  return (
    <section className="panel" aria-label={t.panelTitle} data-trace-id={trace?.id}>
      <header className="panel-header">
        <h2>{t.panelTitle}</h2>
        {trace && (
          <Link href={`/traces/${trace.id}`} className="text-link">
            {t.openTrace} <Icon name="arrow" />
          </Link>
        )}
      </header>
      <Suspense fallback={<Collecting />}>
        {trace ? <ArrivedTrace key={trace.id} trace={trace} /> : <Collecting />}
      </Suspense>
    </section>
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
