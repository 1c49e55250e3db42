import { Page } from "../components/Page";
import { SearchBox } from "../components/search/SearchBox";
import { Welcome } from "../components/search/Welcome";
import { useTexts } from "../i18n/I18n";
import { searchTexts } from "../i18n/texts/search";
import { searchFor } from "../search/address";
import { openSearch, useSearchRequest } from "../search/history";
import "../styles/search.css";
import "../styles/welcome.css";
import { ResultsPage } from "./ResultsPage";

export function SearchPage() {
  const t = useTexts(searchTexts);
  const request = useSearchRequest();
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
