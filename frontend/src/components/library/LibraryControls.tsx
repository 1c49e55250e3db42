import type { TargetedSubmitEvent } from "preact";
import { Link } from "wouter-preact";
import { navigate } from "wouter-preact/use-browser-location";
import { useTexts } from "../../i18n/I18n";
import { libraryTexts } from "../../i18n/texts/library";
import { type LibraryRequest, libraryAddress, SORTS, VIEWS } from "../../library/address";
import { RadioGroup } from "../RadioGroup";
import { Select } from "../Select";

interface LibraryControlsProps {
  request: LibraryRequest;
  filtered: boolean;
}

/** Filters, order and view of the books. */
export function LibraryControls({ request, filtered }: LibraryControlsProps) {
  const t = useTexts(libraryTexts);
  const go = (change: Partial<LibraryRequest>) =>
    navigate(libraryAddress({ ...request, page: 1, ...change }));
  const sorts = { author: t.columnAuthor, title: t.columnTitle, year: t.columnYear };
  return (
    <search className="library-controls" aria-label={t.tools}>
      <Filter key={`${request.title} ${request.author}`} {...{ request, filtered, go }} />
      <Select
        label={t.sort}
        value={request.sort}
        options={SORTS.map((sort) => [sort, sorts[sort]])}
        onChange={(sort) => go({ sort })}
      />
      <RadioGroup
        label={t.view}
        name="view"
        value={request.view}
        options={VIEWS.map((view) => [view, t.views[view]])}
        onChange={(view) => go({ view, page: request.page })}
      />
    </search>
  );
}

interface FilterProps extends LibraryControlsProps {
  go(change: Partial<LibraryRequest>): void;
}

function Filter({ request, filtered, go }: FilterProps) {
  const t = useTexts(libraryTexts);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => String(form.get(name) ?? "").trim();
    go({ title: typed("title"), author: typed("author") });
  };
  const field = (name: "title" | "author", label: string) => (
    <label className="labelled">
      <span>{label}</span>
      <input
        name={name}
        defaultValue={request[name]}
        autoComplete="off"
        spellcheck={false}
        maxLength={200}
        enterKeyHint="search"
      />
    </label>
  );
  return (
    <form className="field" onSubmit={submit}>
      {field("title", t.filterTitle)}
      {field("author", t.filterAuthor)}
      <button type="submit" className="button">
        {t.filter}
      </button>
      {filtered && (
        <Link
          href={libraryAddress({ ...request, title: "", author: "", page: 1 })}
          className="button"
        >
          {t.clear}
        </Link>
      )}
    </form>
  );
}
