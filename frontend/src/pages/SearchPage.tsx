import { lazy, Suspense } from "react";
import { Page } from "../components/Page";
import { ResultsLoading } from "../components/ResultsLoading";
import { loadResults } from "../components/results/load";
import { SearchBox } from "../components/SearchBox";
import { Welcome } from "../components/Welcome";
import { useI18n, useTexts } from "../i18n/I18n";
import { searchTexts } from "../i18n/texts/search";
import { searchFor } from "../search/request";
import type { SearchState } from "../search/store";
import { useSearch } from "../search/use-search";
import "../styles/search.css";
import "../styles/welcome.css";

const Results = lazy(loadResults);
const preloadResults = () => loadResults().catch(() => {});

export function SearchPage() {
  const t = useTexts(searchTexts);
  const { request, state, entry, submit } = useSearch();
  // A new query is searched as the last one was, filters and all, from the first page on.
  const search = (q: string) => submit({ ...(request ?? searchFor(q)), q, page: 1 });
  const box = (
    <SearchBox query={request?.q ?? ""} onSubmit={search} onFocus={() => void preloadResults()} />
  );
  if (request === null) {
    return (
      <Page title={t.searchTitle} className="page search-page" searchState="idle">
        <Status text="" />
        <Welcome box={box} onPick={search} />
      </Page>
    );
  }
  // Until its search has begun, an address with a query already looks like one.
  const current = state ?? { status: "loading" as const, request };
  return (
    <Page
      title={request.q || t.searchTitle}
      className="page search-page"
      searchState={current.status}
    >
      <h1 className="visually-hidden">{t.searchTitle}</h1>
      {box}
      <StatusLine state={current} />
      <Suspense fallback={<ResultsLoading />}>
        <Results state={current} entry={entry} onSubmit={submit} />
      </Suspense>
    </Page>
  );
}

function StatusLine({ state }: { state: SearchState }) {
  const t = useTexts(searchTexts);
  const { format } = useI18n();
  const { q } = state.request;
  if (state.status === "loading") return <Status text={t.searching(q)} />;
  // An error speaks for itself, as an alert.
  if (state.status === "error") return <Status text="" />;
  const { total } = state.results;
  return <Status text={t.found(total, format.number(total), q)} />;
}

function Status({ text }: { text: string }) {
  return (
    <p className="search-status" role="status">
      {text}
    </p>
  );
}
