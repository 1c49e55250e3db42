import { lazy, Suspense } from "react";
import { Page } from "../components/Page";
import { ResultsLoading } from "../components/ResultsLoading";
import { SearchBox } from "../components/SearchBox";
import { Welcome } from "../components/Welcome";
import { useTexts } from "../i18n/I18n";
import { searchTexts } from "../i18n/texts/search";
import { openSearch, useRequest } from "../search/history";
import { searchFor } from "../search/request";
import "../styles/search.css";
import "../styles/welcome.css";

/** The first visit needs nothing of what searches and shows results. */
const loadResults = () => import("./ResultsPage");
const ResultsPage = lazy(loadResults);

export function SearchPage() {
  const t = useTexts(searchTexts);
  const request = useRequest();
  const search = (q: string) => openSearch(searchFor(q));
  const box = (
    <SearchBox
      query={request?.q ?? ""}
      onSubmit={search}
      onFocus={() => void loadResults().catch(() => {})}
    />
  );
  if (request === null) {
    return (
      <Page title={t.searchTitle} className="page search-page" searchState="idle">
        <Welcome box={box} onPick={search} />
      </Page>
    );
  }
  const loading = (
    <Page title={request.q} className="page search-page" searchState="loading">
      {box}
      <ResultsLoading />
    </Page>
  );
  return (
    <Suspense fallback={loading}>
      <ResultsPage request={request} />
    </Suspense>
  );
}
