import { ErrorMessage } from "../components/ErrorMessage";
import { Page } from "../components/Page";
import { Remarks } from "../components/Remarks";
import { ResultsLoading } from "../components/ResultsLoading";
import { Nothing } from "../components/results/Nothing";
import { Pagination } from "../components/results/Pagination";
import { ResultList } from "../components/results/ResultList";
import { Tools } from "../components/results/Tools";
import { SearchBox } from "../components/SearchBox";
import { TracePanel } from "../components/TracePanel";
import { useI18n, useTexts } from "../i18n/I18n";
import { resultsTexts } from "../i18n/texts/results";
import { addressOf, type SearchRequest } from "../search/request";
import type { SearchState } from "../search/store";
import { type CurrentSearch, useSearch } from "../search/use-search";
import "../styles/prose.css";
import "../styles/results.css";

/** The search page, once there is something to search for. */
export default function ResultsPage({ request }: { request: SearchRequest }) {
  const t = useTexts(resultsTexts);
  const search = useSearch(request);
  const { state, submit } = search;
  const { q } = request;
  return (
    <Page title={q || t.results} className="page search-page" searchState={state.status}>
      <h1 className="visually-hidden">{t.results}</h1>
      {/* A new query is searched as the last one was, filters and all, from the first page on. */}
      <SearchBox query={q} onSubmit={(next) => submit({ ...request, q: next, page: 1 })} />
      <Tools
        request={request}
        results={state.status === "done" ? state.results : null}
        onSubmit={submit}
      />
      <Status state={state} />
      <div className="answer">
        <Answer {...search} />
      </div>
      <Trace state={state} />
    </Page>
  );
}

/** An error speaks for itself, as an alert. */
function Status({ state }: { state: SearchState }) {
  const t = useTexts(resultsTexts);
  const { format } = useI18n();
  const { q } = state.request;
  const total = state.status === "done" ? state.results.total : 0;
  return (
    <p className="search-status" role="status">
      {state.status === "loading" && t.searching(q)}
      {state.status === "done" && t.found(total, format.number(total), q)}
    </p>
  );
}

function Answer({ state, entry, submit }: CurrentSearch) {
  const t = useTexts(resultsTexts);
  const { request } = state;
  if (state.status === "loading") return <ResultsLoading />;
  if (state.status === "error") {
    return (
      <ErrorMessage error={state.error} title={t.errorTitle} onRetry={() => submit(request)} />
    );
  }
  const { results } = state;
  return (
    <>
      <Remarks
        didYouMean={results.didYouMean}
        notices={results.notices}
        addressOf={(q) => addressOf({ ...request, q, page: 1 })}
      />
      {results.hits.length > 0 ? (
        <ResultList hits={results.hits} request={request} entry={entry} />
      ) : (
        <Nothing request={request} results={results} />
      )}
      <Pagination request={request} total={results.total} />
    </>
  );
}

function Trace({ state }: { state: SearchState }) {
  if (state.status === "loading") return <TracePanel trace={null} />;
  return state.trace.id ? <TracePanel trace={state.trace} /> : null;
}
