import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Link } from "wouter-preact";
import { useI18n, useTexts } from "../../i18n/I18n";
import { readerTexts } from "../../i18n/texts/reader";
import { useCount } from "../../i18n/use-count";
import { ORDERS, type Order, type ReaderRequest } from "../../reader/address";
import type { Contents } from "../../reader/contents";
import type { Stepper } from "../../reader/stepper";
import { useFind } from "../../reader/use-find";
import { searchAddress, searchFor } from "../../search/address";
import { Icon } from "../Icon";
import { useSlash } from "../use-keys";
import { FoundHits } from "./FoundHits";

interface FindPanelProps {
  book: string;
  request: ReaderRequest;
  contents: Contents;
  stepper: Stepper | null;
  state: unknown;
  onFind(q: string): void;
  onOrder(order: Order): void;
}

/** Search inside the book. */
export function FindPanel(props: FindPanelProps) {
  const { book, request, contents, stepper, state, onFind, onOrder } = props;
  const { q, at, order = ORDERS[0] } = request;
  const t = useTexts(readerTexts);
  const input = useRef<HTMLInputElement>(null);
  const { state: found, find, more } = useFind(book);
  useSlash(input);

  // Replacing the element instead would lose the focus.
  useLayoutEffect(() => {
    if (input.current) input.current.value = q ?? "";
  }, [q]);

  // The list stays while the reader goes from hit to hit. Without a hit, it opens without a click.
  const isListed = found?.q === q;
  const isWanted = isListed ? found?.order !== order : at === undefined;
  useEffect(() => {
    if (q && isWanted) find(q, order);
  }, [q, order, isWanted, find]);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const wanted = input.current?.value.trim() ?? "";
    if (!wanted) input.current?.focus();
    else if (wanted === q) find(wanted, order);
    else onFind(wanted);
  };
  const current = q && isListed ? found : null;
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
          at={at ?? null}
          state={state}
          onOrder={onOrder}
          onMore={more}
          onRetry={() => find(current.q, order)}
        />
      )}
      {q && (
        <p className="find-ways">
          {!current && (
            <button type="button" className="disclosure" onClick={() => find(q, order)}>
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

function Steps({ stepper: { total, partial, ordinal, previous, next } }: { stepper: Stepper }) {
  const t = useTexts(readerTexts);
  const { format } = useI18n();
  const shown = useCount(partial)(total);
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
