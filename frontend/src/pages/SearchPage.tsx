import { Page } from "../components/Page";
import { SearchBox } from "../components/SearchBox";
import { Welcome } from "../components/Welcome";
import { useTexts } from "../i18n/I18n";
import { searchTexts } from "../i18n/texts/search";
import { openSearch, useRequest } from "../search/history";
import { searchFor } from "../search/request";
import "../styles/search.css";
import "../styles/welcome.css";
import { ResultsPage } from "./ResultsPage";

export function SearchPage() {
  const t = useTexts(searchTexts);
  const request = useRequest();
  if (request) return <ResultsPage request={request} />;
  return (
    <Page title={t.searchTitle} className="page search-page" searchState="idle">
      <Welcome box={<SearchBox query="" onSubmit={search} />} onPick={search} />
    </Page>
  );
}

function search(q: string): void {
  openSearch(searchFor(q));
}
