import { useCallback } from "preact/hooks";
import { Link } from "wouter-preact";
import { useSearch } from "wouter-preact/use-browser-location";
import { fetchTrace, TraceStoreOffError } from "../api/trace";
import { useLoaded } from "../api/use-loaded";
import { ComparedSides } from "../components/comparison/ComparedSides";
import { ComparisonTable } from "../components/comparison/ComparisonTable";
import { ErrorMessage } from "../components/ErrorMessage";
import { Icon } from "../components/Icon";
import { Message } from "../components/Message";
import { Page } from "../components/Page";
import { Skeleton } from "../components/Skeleton";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { comparisonTexts } from "../i18n/texts/comparison";
import { traceListTexts } from "../i18n/texts/trace-list";
import { type PreparedTrace, prepare } from "../trace/prepare";
import "../styles/table.css";
import "../styles/comparison.css";

interface ComparePageProps {
  /** The ids of the traces. */
  first: string;
  second: string;
}

export default function ComparePage({ first, second }: ComparePageProps) {
  const t = useTexts(comparisonTexts);
  const byDifference = new URLSearchParams(useSearch()).get("sort") === "difference";
  const load = useCallback(
    (signal: AbortSignal) => Promise.all([first, second].map((id) => read(id, signal))),
    [first, second],
  );
  const { data, error, reload } = useLoaded(load);
  const [a, b] = data ?? [];
  return (
    <Page title={t.title}>
      <Link href="/traces" className="text-link">
        <Icon name="back" /> {t.all}
      </Link>
      <header className="page-header compare-header">
        <h1>{t.title}</h1>
        <div className="page-actions">
          <Link href={`/traces/${second}?with=${first}`} className="button">
            {t.swap}
          </Link>
          <Link href={`/traces?compare=${first}`} className="button">
            {t.other}
          </Link>
        </div>
      </header>
      {a && b ? (
        <>
          <ComparedSides a={a.tree} b={b.tree} />
          <ComparisonTable a={a.tree} b={b.tree} order={byDifference ? "difference" : "tree"} />
        </>
      ) : (
        <Absent missing={data && (a ? second : first)} error={error} onRetry={reload} />
      )}
    </Page>
  );
}

async function read(id: string, signal: AbortSignal): Promise<PreparedTrace | null> {
  const trace = await fetchTrace(id, signal);
  return trace && prepare(trace);
}

interface AbsentProps {
  /** The id of the missing trace; null while both are loading. */
  missing: string | null;
  error: unknown;
  onRetry(): void;
}

function Absent({ missing, error, onRetry }: AbsentProps) {
  const t = useTexts(comparisonTexts);
  const list = useTexts(traceListTexts);
  const common = useTexts(commonTexts);
  if (error instanceof TraceStoreOffError) {
    return (
      <Message icon="arrow" title={list.storeOffTitle}>
        <p>{list.storeOffText}</p>
      </Message>
    );
  }
  if (error) return <ErrorMessage error={error} title={common.loadFailed} onRetry={onRetry} />;
  if (missing === null) return <Skeleton rows={12} label={common.loading} />;
  return (
    <Message icon="clock" title={t.notFoundTitle}>
      <p>{t.notFoundText(missing)}</p>
      <Link href="/traces" className="button">
        {t.all}
      </Link>
    </Message>
  );
}
