import { Link } from "wouter-preact";
import { useTexts } from "../../i18n/I18n";
import { resultsTexts } from "../../i18n/texts/results";
import { FILTERS, type SearchRequest, searchAddress } from "../../search/address";
import type { Results } from "../../search/results";
import { Icon } from "../Icon";

/** The filters that are set. Each is a link that removes it. */
export function ActiveFilters({
  request,
  results,
}: {
  request: SearchRequest;
  results: Results | null;
}) {
  const t = useTexts(resultsTexts);
  const set = FILTERS.filter((filter) => request[filter]);
  if (set.length === 0) return null;
  const found = results?.hits.find(({ id }) => id === request.book);
  return (
    <ul className="filters" aria-label={t.filters}>
      {set.map((filter) => {
        const value = filter === "book" && found ? found.title : request[filter];
        const text = t.filter(t[filter], value);
        return (
          <li key={filter}>
            <Link
              href={searchAddress({ ...request, [filter]: "", page: 1 })}
              className="filter"
              aria-label={t.removeFilter(text)}
            >
              {text} <Icon name="close" />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
