import { Link } from "wouter-preact";
import { navigate, useSearch } from "wouter-preact/use-browser-location";
import { TraceStoreOffError } from "../api/trace";
import { ErrorMessage } from "../components/ErrorMessage";
import { Icon } from "../components/Icon";
import { Message } from "../components/Message";
import { Page } from "../components/Page";
import { Skeleton } from "../components/Skeleton";
import { Name, useName } from "../components/trace/Name";
import { TraceId } from "../components/trace/TraceId";
import { TraceLinks } from "../components/trace/TraceLinks";
import { TraceView } from "../components/trace/TraceView";
import { useI18n, useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { comparisonTexts } from "../i18n/texts/comparison";
import { traceTexts } from "../i18n/texts/trace";
import { waterfallTexts } from "../i18n/texts/waterfall";
import type { PreparedTrace } from "../trace/prepare";
import { millisecondsOf } from "../trace/tree";
import { useTrace } from "../trace/use-trace";
import "../styles/table.css";

const anything = () => true;

export default function TracePage({ traceId }: { traceId: string }) {
  const t = useTexts(traceTexts);
  const { waterfall } = useTexts(waterfallTexts);
  const { prepared, settled, error, correct, reload } = useTrace(traceId, anything);
  const selected = new URLSearchParams(useSearch()).get("span");
  const select = (span: string | null) =>
    navigate(`/traces/${traceId}${span ? `?span=${span}` : ""}`, { replace: true });
  const named = useName();
  const root = prepared?.tree.root;
  return (
    <Page title={root ? named(root.name) : t.columnTrace} className="page trace-page">
      <Link href="/traces" className="text-link">
        <Icon name="back" /> {t.backToTraces}
      </Link>
      <header className="page-header">
        <div>
          <h1>{root ? <Name name={root.name} /> : t.columnTrace}</h1>
          {prepared && <Facts prepared={prepared} />}
          <TraceId id={traceId} />
          {prepared && <TraceLinks traceId={traceId} />}
        </div>
        {prepared && <CompareLink traceId={traceId} />}
      </header>
      {prepared ? (
        <>
          <h2 className="visually-hidden">{waterfall}</h2>
          <TraceView
            prepared={prepared}
            selected={selected}
            onSelect={select}
            onCorrect={correct}
          />
        </>
      ) : (
        <Absent traceId={traceId} settled={settled} error={error} onRetry={reload} />
      )}
    </Page>
  );
}

function Facts({ prepared: { tree, timeRange, errorCount } }: { prepared: PreparedTrace }) {
  const t = useTexts(traceTexts);
  const { format } = useI18n();
  const started = millisecondsOf(tree, timeRange.start);
  return (
    <p className="trace-facts">
      <strong>{format.duration(timeRange.duration)}</strong>
      <span>{t.spans(tree.spanCount, format.number(tree.spanCount))}</span>
      <time dateTime={new Date(started).toISOString()}>{format.dateTime(started)}</time>
      {errorCount > 0 && (
        <span className="badge-error">
          <Icon name="warning" />
          {t.errors(errorCount, format.number(errorCount))}
        </span>
      )}
    </p>
  );
}

/** A link to the list, where the trace to compare with is selected. */
function CompareLink({ traceId }: { traceId: string }) {
  const t = useTexts(comparisonTexts);
  return (
    <Link href={`/traces?compare=${traceId}`} className="button">
      {t.compareWith}
    </Link>
  );
}

interface AbsentProps {
  traceId: string;
  settled: boolean;
  error: unknown;
  onRetry(): void;
}

function Absent({ traceId, settled, error, onRetry }: AbsentProps) {
  const t = useTexts(traceTexts);
  const common = useTexts(commonTexts);
  if (!settled) return <Skeleton rows={10} label={common.loading} />;
  if (error instanceof TraceStoreOffError) {
    return (
      <Message icon="arrow" title={t.storeOffTitle}>
        <p>{t.storeOffText}</p>
        <TraceLinks traceId={traceId} />
      </Message>
    );
  }
  if (error) {
    return <ErrorMessage error={error} title={common.loadFailed} onRetry={onRetry} />;
  }
  return (
    <Message icon="clock" title={t.traceNotFoundTitle}>
      <p>{t.traceNotFoundText}</p>
      <ul className="reasons">
        {Object.entries(t.traceNotFoundReasons).map(([reason, text]) => (
          <li key={reason}>{text}</li>
        ))}
      </ul>
      <TraceLinks traceId={traceId} />
      <Link href="/traces" className="button">
        {t.backToTraces}
      </Link>
    </Message>
  );
}
