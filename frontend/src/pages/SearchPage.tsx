import { late } from "../components/late";
import { Page } from "../components/Page";
import { SearchBox } from "../components/SearchBox";
import { Welcome } from "../components/Welcome";
import { useTexts } from "../i18n/I18n";
import { searchTexts } from "../i18n/texts/search";
import { openSearch, useRequest } from "../search/history";
import { type SearchRequest, searchFor } from "../search/request";
import "../styles/search.css";
import "../styles/welcome.css";

/** The first visit needs nothing of what searches and shows results. */
const ResultsPage = late(() => import("./ResultsPage"), ResultsComing);

export function SearchPage() {
  const t = useTexts(searchTexts);
  const request = useRequest();
  if (request) return <ResultsPage request={request} />;
  return (
    <Page title={t.searchTitle} className="page search-page" searchState="idle">
      <Welcome box={<FirstBox query="" />} onPick={search} />
    </Page>
  );
}

/** No more than stays where it is when the rest comes. */
function ResultsComing({ request: { q } }: { request: SearchRequest }) {
  return (
    <Page title={q} className="page search-page" searchState="loading">
      <FirstBox query={q} />
    </Page>
  );
}

/** Whoever enters the box will want results. */
function FirstBox({ query }: { query: string }) {
  const prepare = () => void ResultsPage.preload().catch(() => {});
  return <SearchBox query={query} onSubmit={search} onFocus={prepare} />;
}

function search(q: string): void {
  openSearch(searchFor(q));
}
