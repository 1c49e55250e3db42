import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Link } from "wouter-preact";
import { useI18n, useTexts } from "../../i18n/I18n";
import { readerTexts } from "../../i18n/texts/reader";
import type { Contents } from "../../reader/contents";
import type { Stepper } from "../../reader/stepper";
import { useFind } from "../../reader/use-find";
import { searchAddress, searchFor } from "../../search/address";
import { Icon } from "../Icon";
import { useSlash } from "../use-keys";
import { FoundHits } from "./FoundHits";

interface FindPanelProps {
  book: string;
  /** The query in the address. */
  q: string | undefined;
  /** Whether to list the hits without a click. */
  listed: boolean;
  contents: Contents;
  stepper: Stepper | null;
  state: unknown;
  onFind(q: string): void;
}

/** Search inside the book. */
export function FindPanel(props: FindPanelProps) {
  const { book, q, listed, contents, stepper, state, onFind } = props;
  const t = useTexts(readerTexts);
  const input = useRef<HTMLInputElement>(null);
  const { state: found, find, more } = useFind(book);
  useSlash(input);

  // Replacing the element instead would lose the focus.
  useLayoutEffect(() => {
    if (input.current) input.current.value = q ?? "";
  }, [q]);

  // The list stays while the reader goes from hit to hit.
  const listedQuery = found?.q;
  useEffect(() => {
    if (q && listed && listedQuery !== q) find(q);
  }, [q, listed, listedQuery, find]);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const wanted = input.current?.value.trim() ?? "";
    if (!wanted) input.current?.focus();
    else if (wanted === q) find(wanted);
    else onFind(wanted);
  };
  const current = q && found?.q === q ? found : null;
  return (
    <search className="find" aria-label={t.find}>
      <form className="field" onSubmit={submit}>
        <input
          ref={input}
          type="search"
          name="find"
          aria-label={t.findLabel}
          placeholder={t.find}
          defaultValue={q}
          autoComplete="off"
          autoCapitalize="none"
          spellcheck={false}
          enterKeyHint="search"
          maxLength={500}
        />
        <button type="submit" className="button" aria-label={t.findButton}>
          <Icon name="search" />
        </button>
      </form>
      {stepper && <Steps stepper={stepper} />}
      {current && (
        <FoundHits
          book={book}
          found={current}
          contents={contents}
          ordinal={stepper?.ordinal ?? null}
          state={state}
          onMore={more}
          onRetry={() => find(current.q)}
        />
      )}
      {q && (
        <p className="find-ways">
          {!current && (
            <button type="button" className="disclosure" onClick={() => find(q)}>
              <Icon name="chevron" /> {t.listHits}
            </button>
          )}
          <Link href={searchAddress(searchFor(q))} className="text-link">
            {t.searchLibrary} <Icon name="arrow" />
          </Link>
        </p>
      )}
    </search>
  );
}

function Steps({ stepper: { total, ordinal, previous, next } }: { stepper: Stepper }) {
  const t = useTexts(readerTexts);
  const { format } = useI18n();
  const shown = format.number(total);
  return (
    <div className="steps">
      <button
        type="button"
        className="button"
        aria-label={t.previousHit}
        aria-keyshortcuts="p"
        disabled={!previous}
        onClick={previous ?? undefined}
      >
        <Icon name="back" />
      </button>
      <span role="status">
        {ordinal === null ? t.hits(total, shown) : t.hit(format.number(ordinal), shown)}
      </span>
      <button
        type="button"
        className="button"
        aria-label={t.nextHit}
        aria-keyshortcuts="n"
        disabled={!next}
        onClick={next ?? undefined}
      >
        <Icon name="arrow" />
      </button>
    </div>
  );
}
