import type { TargetedSubmitEvent } from "preact";
import { useState } from "preact/hooks";
import type { AuthorCount } from "../../api/search";
import { useTexts } from "../../i18n/I18n";
import { resultsTexts } from "../../i18n/texts/results";
import { useCount } from "../../i18n/use-count";
import { type SearchRequest, SORTS } from "../../search/address";
import type { Results } from "../../search/results";
import { Icon } from "../Icon";
import { Select } from "../Select";
import { ActiveFilters } from "./ActiveFilters";
import { MethodChoice } from "./MethodChoice";
import { SearchHelp } from "./SearchHelp";

const ROOM_FOR_FILTERS = "(min-width: 40rem)";

interface SearchControlsProps {
  request: SearchRequest;
  /** Null while they are loading. */
  results: Results | null;
  onSubmit(request: SearchRequest): void;
}

/** Method, filters and order of a search, and help. */
export function SearchControls({ request, results, onSubmit }: SearchControlsProps) {
  const t = useTexts(resultsTexts);
  const count = useCount(results?.partial ?? false);
  const [wide] = useState(() => window.matchMedia(ROOM_FOR_FILTERS).matches);
  const change = (changed: Partial<SearchRequest>) => onSubmit({ ...request, page: 1, ...changed });
  const sorts = {
    relevance: t.relevance,
    title: t.sortTitle,
    author: t.sortAuthor,
    year: t.sortYear,
  };
  return (
    <section className="search-controls" aria-label={t.tools}>
      <MethodChoice method={request.method} onChange={(method) => change({ method })} />
      <details open={wide}>
        <summary className="disclosure">
          <Icon name="chevron" /> {t.narrow}
        </summary>
        <div className="search-controls-row">
          <Select
            label={t.author}
            value={request.author}
            options={[
              ["", t.allAuthors],
              ...authorsToChoose(results, request.author).map(
                ({ name, books }): [string, string] => [
                  name,
                  books ? t.authorOption(name, count(books)) : name,
                ],
              ),
            ]}
            onChange={(author) => change({ author })}
          />
          <TitleFilter key={request.title} title={request.title} onChange={change} />
          <Select
            label={t.sort}
            value={request.sort}
            options={SORTS.map((sort) => [sort, sorts[sort]])}
            onChange={(sort) => change({ sort })}
          />
        </div>
      </details>
      <ActiveFilters request={request} results={results} />
      <SearchHelp />
    </section>
  );
}

function TitleFilter({
  title,
  onChange,
}: {
  title: string;
  onChange(change: Partial<SearchRequest>): void;
}) {
  const t = useTexts(resultsTexts);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("title") ?? "").trim();
    if (typed !== title) onChange({ title: typed });
  };
  return (
    <form onSubmit={submit} className="field">
      <label className="labelled">
        <span>{t.title}</span>
        <input
          name="title"
          placeholder={t.titlePlaceholder}
          defaultValue={title}
          autoComplete="off"
          spellcheck={false}
          maxLength={200}
          enterKeyHint="search"
        />
      </label>
    </form>
  );
}

/** The authors found, and the chosen one even if none of their books was found. */
function authorsToChoose(results: Results | null, chosen: string): AuthorCount[] {
  const found = results?.authors ?? [];
  const known = !chosen || found.some(({ name }) => name === chosen);
  return known ? found : [{ name: chosen, books: 0 }, ...found];
}
