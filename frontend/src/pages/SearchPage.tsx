import { ErrorMessage } from "../components/ErrorMessage";
import { Examples } from "../components/Examples";
import { Message } from "../components/Message";
import { Page } from "../components/Page";
import { ResultList } from "../components/ResultList";
import { ResultsLoading } from "../components/ResultsLoading";
import { SearchBox } from "../components/SearchBox";
import { TracePanel } from "../components/TracePanel";
import { Welcome } from "../components/Welcome";
import { useI18n } from "../i18n/I18n";
import type { SearchState } from "../search/store";
import { useSearch } from "../search/use-search";
import "../styles/search.css";
import "../styles/welcome.css";
import "../styles/results.css";

export function SearchPage() {
  const { t } = useI18n();
  const { query, state, submit } = useSearch();
  const box = <SearchBox query={query ?? ""} onSubmit={submit} />;
  if (query === null) {
    return (
      <Page title={t.searchTitle} className="page search-page" searchState="idle">
        <Status text="" />
        <Welcome box={box} onPick={submit} />
      </Page>
    );
  }
  // Until its search has begun, an address with a query already looks like one.
  const current = state ?? { status: "loading" as const, query };
  return (
    <Page title={query || t.searchTitle} className="page search-page" searchState={current.status}>
      <h1 className="visually-hidden">{t.searchTitle}</h1>
      {box}
      <StatusLine state={current} />
      <Answer state={current} onSearch={submit} />
      <Trace state={current} />
    </Page>
  );
}

interface AnswerProps {
  state: SearchState;
  onSearch(query: string): void;
}

function Answer({ state, onSearch }: AnswerProps) {
  const { t } = useI18n();
  const { query } = state;
  if (state.status === "loading") return <ResultsLoading />;
  if (state.status === "error") {
    return (
      <ErrorMessage error={state.error} title={t.errorTitle} onRetry={() => onSearch(query)} />
    );
  }
  if (state.results.hits.length > 0) return <ResultList hits={state.results.hits} />;
  return (
    <Message icon="book" title={t.nothingTitle(query)}>
      <p>{t.nothingText}</p>
      <Examples onPick={onSearch} />
    </Message>
  );
}

function Trace({ state }: { state: SearchState }) {
  if (state.status === "loading") return <TracePanel trace={null} />;
  return state.trace.id ? <TracePanel trace={state.trace} /> : null;
}

function StatusLine({ state }: { state: SearchState }) {
  const { t, format } = useI18n();
  if (state.status === "loading") return <Status text={t.searching(state.query)} />;
  // An error speaks for itself, as an alert.
  if (state.status === "error") return <Status text="" />;
  const { total, hits } = state.results;
  const found = t.found(total, format.number(total), state.query);
  const best = total > hits.length ? ` ${t.onlyBest(format.number(hits.length))}` : "";
  return <Status text={found + best} />;
}

function Status({ text }: { text: string }) {
  return (
    <p className="search-status" role="status">
      {text}
    </p>
  );
}
