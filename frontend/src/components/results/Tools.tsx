import { type FormEvent, useId } from "react";
import type { AuthorCount } from "../../api/search";
import { useI18n, useTexts } from "../../i18n/I18n";
import { resultsTexts } from "../../i18n/texts/results";
import type { Results } from "../../search/present";
import { METHODS, type SearchRequest, SORTS } from "../../search/request";
import { Select } from "../Select";
import { Filters } from "./Filters";
import { Help } from "./Help";

interface ToolsProps {
  request: SearchRequest;
  /** Null while they are awaited. */
  results: Results | null;
  onSubmit(request: SearchRequest): void;
}

/** How the search is made, which books it may find, and in what order. */
export function Tools({ request, results, onSubmit }: ToolsProps) {
  const t = useTexts(resultsTexts);
  const { format } = useI18n();
  const explanation = useId();
  const change = (changed: Partial<SearchRequest>) => onSubmit({ ...request, page: 1, ...changed });
  const sorts = {
    relevance: t.relevance,
    title: t.sortTitle,
    author: t.sortAuthor,
    year: t.sortYear,
  };
  return (
    <section className="tools" aria-label={t.tools}>
      <div className="tools-row">
        <Select
          label={t.method}
          value={request.method}
          options={METHODS.map((method) => [method, t[method]])}
          describedBy={explanation}
          onChange={(method) => change({ method })}
        />
        <Select
          label={t.author}
          value={request.author}
          options={[
            ["", t.allAuthors],
            ...authorsToChoose(results, request.author).map(({ name, books }): [string, string] => [
              name,
              books ? t.authorOption(name, format.number(books)) : name,
            ]),
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
      <Filters request={request} results={results} />
      <p id={explanation} className="quiet">
        {request.method === "bm25" ? t.bm25Text : t.tfidfText}
      </p>
      <Help />
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
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("title") ?? "").trim();
    if (typed !== title) onChange({ title: typed });
  };
  return (
    <form onSubmit={submit} className="field">
      <input
        name="title"
        aria-label={t.title}
        placeholder={t.titlePlaceholder}
        defaultValue={title}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        enterKeyHint="search"
      />
    </form>
  );
}

/** The chosen author stays among them, also where the search found none of their books. */
function authorsToChoose(results: Results | null, chosen: string): AuthorCount[] {
  const found = results?.authors ?? [];
  const known = !chosen || found.some(({ name }) => name === chosen);
  return known ? found : [{ name: chosen, books: 0 }, ...found];
}
