import { useRef } from "preact/hooks";
import { isGone } from "../api/problem";
import { ErrorMessage } from "../components/ErrorMessage";
import { Page } from "../components/Page";
import { Pager } from "../components/Pager";
import { QueryNotices } from "../components/QueryNotices";
import { NoResults } from "../components/search/NoResults";
import { ResultList } from "../components/search/ResultList";
import { ResultsLoading } from "../components/search/ResultsLoading";
import { SearchBox } from "../components/search/SearchBox";
import { SearchControls } from "../components/search/SearchControls";
import { TracePanel } from "../components/search/TracePanel";
import { useResultKeys } from "../components/search/use-result-keys";
import { useTexts } from "../i18n/I18n";
import { resultsTexts } from "../i18n/texts/results";
import { useCount } from "../i18n/use-count";
import { PAGE_SIZE, type SearchRequest, searchAddress } from "../search/address";
import type { DoneSearch, SearchState } from "../search/searches";
import { useSearch } from "../search/use-search";
import "../styles/prose.css";
import "../styles/results.css";

/** The search page with a query. */
export function ResultsPage({ request }: { request: SearchRequest }) {
  const t = useTexts(resultsTexts);
  const { state, shown, submit } = useSearch(request);
  const answer = useRef<HTMLDivElement>(null);
  useResultKeys(answer);
  const { q } = request;
  return (
    <Page title={q || t.results} className="page search-page" searchState={state.status}>
      <h1 className="visually-hidden">{t.results}</h1>
      {/* A new query is searched as the last one was, filters and all, from the first page on. */}
      <SearchBox query={q} onSubmit={(next) => submit({ ...request, q: next, page: 1 })} />
      <SearchControls request={request} results={shown?.results ?? null} onSubmit={submit} />
      <Status state={state} />
      <div className="answer" ref={answer} aria-busy={state.status === "loading"}>
        {state.status === "error" ? (
          <ErrorMessage error={state.error} title={t.errorTitle} onRetry={() => submit(request)} />
        ) : shown ? (
          <Answer search={shown} />
        ) : (
          <ResultsLoading />
        )}
      </div>
      <Trace state={state} />
    </Page>
  );
}

/** The state of the search. An error is announced by its own alert. */
function Status({ state }: { state: SearchState }) {
  const t = useTexts(resultsTexts);
  const results = state.status === "done" ? state.results : null;
  const count = useCount(results?.partial ?? false);
  const { q } = state.request;
  return (
    <p className="search-status" role="status">
      {state.status === "loading" && t.searching(q)}
      {results && t.found(results.total, count(results.total), q)}
    </p>
  );
}

function Answer({ search: { request, entry, results } }: { search: DoneSearch }) {
  return (
    <>
      <QueryNotices
        didYouMean={results.didYouMean}
        notices={results.notices}
        addressOf={(q) => searchAddress({ ...request, q, page: 1 })}
      />
      {results.hits.length > 0 ? (
        <ResultList
          key={entry}
          hits={results.hits}
          partial={results.partial}
          request={request}
          entry={entry}
        />
      ) : (
        <NoResults request={request} results={results} />
      )}
      <ResultsPager request={request} total={results.total} />
    </>
  );
}

function ResultsPager({ request, total }: { request: SearchRequest; total: number }) {
  const t = useTexts(resultsTexts);
  const pages = Math.ceil(total / PAGE_SIZE);
  if (pages < 2) return null;
  return (
    <Pager
      label={t.pages}
      page={request.page}
      pages={pages}
      addressOf={(page) => searchAddress({ ...request, page })}
    />
  );
}

function Trace({ state }: { state: SearchState }) {
  if (state.status === "loading") return <TracePanel trace={null} />;
  // The server that has the trace is unreachable.
  if (state.status === "error" && isGone(state.error)) return null;
  return state.trace.id ? <TracePanel trace={state.trace} /> : null;
}
