import { useCallback, useState } from "react";
import { Link } from "wouter";
import { fetchServices, fetchTraces, TraceStoreOffError } from "../api/traces";
import { useLoaded } from "../api/use-loaded";
import { ErrorMessage } from "../components/ErrorMessage";
import { Icon } from "../components/Icon";
import { Message } from "../components/Message";
import { Page } from "../components/Page";
import { Skeleton } from "../components/Skeleton";
import { TraceTable } from "../components/TraceTable";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { tracesTexts } from "../i18n/texts/traces";
import { summarise } from "../trace/summary";
import "../styles/table.css";

const SHOWN = 50;

export default function TracesPage() {
  const t = useTexts(tracesTexts);
  const common = useTexts(commonTexts);
  const [service, setService] = useState("");
  const load = useCallback(
    async (signal: AbortSignal) => {
      const services = await fetchServices(signal);
      const traces = await fetchTraces(service, SHOWN, signal);
      return {
        services,
        summaries: traces.map(summarise).toSorted((a, b) => b.start - a.start),
      };
    },
    [service],
  );
  const { data, error, loading, reload } = useLoaded(load);
  return (
    <Page title={t.tracesTitle}>
      <header className="page-header">
        <div>
          <h1>{t.tracesTitle}</h1>
          <p className="quiet">{t.tracesText}</p>
        </div>
        <div className="page-actions">
          <label className="select">
            <span className="visually-hidden">{t.filterService}</span>
            <select value={service} onChange={(event) => setService(event.target.value)}>
              <option value="">{t.allServices}</option>
              {data?.services.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <button type="button" className="button" onClick={reload} aria-busy={loading}>
            <Icon name="refresh" />
            {t.refresh}
          </button>
        </div>
      </header>
      {error instanceof TraceStoreOffError ? (
        <Message icon="arrow" title={t.storeOffTitle}>
          <p>{t.storeOffText}</p>
        </Message>
      ) : (
        error !== null && <ErrorMessage error={error} title={common.loadFailed} onRetry={reload} />
      )}
      {!data && error === null && <Skeleton rows={10} label={common.loading} />}
      {data?.summaries.length === 0 && (
        <Message icon="clock" title={t.noTracesTitle}>
          <p>{t.noTracesText}</p>
          <Link href="/" className="button">
            {common.goSearch}
          </Link>
        </Message>
      )}
      {data && data.summaries.length > 0 && <TraceTable summaries={data.summaries} />}
    </Page>
  );
}
