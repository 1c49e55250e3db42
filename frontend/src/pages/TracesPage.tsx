import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { navigate, useSearch } from "wouter-preact/use-browser-location";
import { TraceStoreOffError } from "../api/trace";
import { fetchServices } from "../api/trace-list";
import { useLoaded } from "../api/use-loaded";
import { ErrorMessage } from "../components/ErrorMessage";
import { Icon } from "../components/Icon";
import { Message } from "../components/Message";
import { Page } from "../components/Page";
import { Skeleton } from "../components/Skeleton";
import { CompareBar } from "../components/trace-list/CompareBar";
import { DurationHistogram } from "../components/trace-list/DurationHistogram";
import { ListStatus } from "../components/trace-list/ListStatus";
import { NoTraces } from "../components/trace-list/NoTraces";
import { TraceFilters } from "../components/trace-list/TraceFilters";
import { TraceTable } from "../components/trace-list/TraceTable";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { traceListTexts } from "../i18n/texts/trace-list";
import {
  PAGE_SIZE,
  readTraceListRequest,
  rounded,
  type TraceListRequest,
  traceListAddress,
} from "../trace-list/address";
import { hasMore } from "../trace-list/list";
import { useTraceList } from "../trace-list/use-trace-list";
import "../styles/table.css";
import "../styles/trace-list.css";

export default function TracesPage() {
  const t = useTexts(traceListTexts);
  const common = useTexts(commonTexts);
  const queryString = useSearch();
  const request = useMemo(() => readTraceListRequest(queryString), [queryString]);
  const place = useRef<HTMLDivElement>(null);
  const isReading = useCallback(() => place.current !== null && isReadIn(place.current), []);
  const { list, error, loading, failures, reload, release, showMore } = useTraceList(
    request,
    isReading,
  );
  const services = useLoaded(fetchServices);
  const refresh = () => {
    reload();
    services.reload();
  };
  // A change of filters adds a history entry; other changes replace it.
  const filter = (change: Partial<TraceListRequest>) =>
    navigate(traceListAddress({ ...request, ...change, shown: PAGE_SIZE }));
  const look = (change: Partial<TraceListRequest>) =>
    navigate(traceListAddress({ ...request, ...change }), { replace: true });
  const choose = (id: string, chosen: boolean) => {
    const others = request.compare.filter((each) => each !== id);
    look({ compare: chosen ? [...others, id] : others });
  };
  const isEmpty = list?.rows.length === 0;
  return (
    <Page title={t.title}>
      <header className="page-header">
        <div>
          <h1>{t.title}</h1>
          <p className="quiet">{t.text}</p>
        </div>
        <div className="page-actions">
          <label className="check">
            <input
              type="checkbox"
              checked={request.live}
              onChange={(event) => look({ live: event.currentTarget.checked })}
            />
            {t.live}
          </label>
          <button type="button" className="button" onClick={refresh} aria-busy={loading}>
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
        <>
          <TraceFilters request={request} services={services.data ?? []} onChange={filter} />
          {error !== null && (
            <ErrorMessage error={error} title={common.loadFailed} onRetry={refresh} />
          )}
        </>
      )}
      {!list && error === null && <TracesLoading rows={request.shown} label={common.loading} />}
      {list && (
        <>
          {list.durations.histogram.length > 0 && (
            <DurationHistogram durations={list.durations} request={request} />
          )}
          <ListStatus list={list} live={request.live} failures={failures} onRelease={release} />
          {isEmpty ? (
            <NoTraces request={request} />
          ) : (
            <div ref={place}>
              <TraceTable list={list} chosen={request.compare} busy={loading} onChoose={choose} />
            </div>
          )}
          {hasMore(list) && !isEmpty && (
            <ShowMore
              onShow={async () => {
                await showMore();
                look({ shown: rounded(list.rows.length + PAGE_SIZE) });
              }}
            />
          )}
        </>
      )}
      {request.compare.length > 0 && (
        <CompareBar
          chosen={request.compare}
          list={list}
          onChoose={(compare) => look({ compare })}
        />
      )}
    </Page>
  );
}

/** A placeholder as high as the histogram and the rows. */
function TracesLoading({ rows, label }: { rows: number; label: string }) {
  return (
    <div className="traces-loading">
      <div className="histogram" aria-hidden="true" />
      <Skeleton rows={rows} label={label} />
    </div>
  );
}

function ShowMore({ onShow }: { onShow(): Promise<void> }) {
  const t = useTexts(traceListTexts);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const show = async () => {
    if (busy) return;
    setBusy(true);
    setFailed(false);
    await onShow().catch(() => setFailed(true));
    setBusy(false);
  };
  return (
    <div className="show-more">
      <button type="button" className="button" aria-busy={busy} onClick={show}>
        {t.showMore}
      </button>
      <p role="alert">{failed && t.showMoreFailed}</p>
    </div>
  );
}

/** Whether new rows would move what the reader is reading, using or has selected. */
function isReadIn(place: HTMLElement): boolean {
  const marked = document.getSelection();
  const hasMarked = marked?.isCollapsed === false && place.contains(marked.anchorNode);
  return (
    place.contains(document.activeElement) || hasMarked || place.getBoundingClientRect().top < 0
  );
}
