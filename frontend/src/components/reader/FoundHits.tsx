import { useRef } from "preact/hooks";
import { Link } from "wouter-preact";
import type { TextRange } from "../../api/search";
import { useTexts } from "../../i18n/I18n";
import { readerTexts } from "../../i18n/texts/reader";
import { samplingTexts } from "../../i18n/texts/sampling";
import { useCount } from "../../i18n/use-count";
import { ORDERS, type Order, readerAddress } from "../../reader/address";
import { type Contents, chapterAt, pathOf } from "../../reader/contents";
import { overlaps } from "../../reader/stepper";
import type { FindState } from "../../reader/use-find";
import { isSampled, type TraceRef } from "../../search/run";
import { Blocks } from "../Blocks";
import { ErrorMessage } from "../ErrorMessage";
import { QueryNotices } from "../QueryNotices";
import { Select } from "../Select";
import { useCurrentInView } from "./use-current-in-view";

interface FoundHitsProps {
  book: string;
  found: FindState;
  contents: Contents;
  /** The passage that the address points to. */
  at: TextRange | null;
  state: unknown;
  onOrder(order: Order): void;
  onMore(): void;
  onRetry(): void;
}

function TraceLink({ trace }: { trace: TraceRef }) {
  const t = useTexts(readerTexts);
  const sampling = useTexts(samplingTexts);
  if (!isSampled(trace)) {
    return (
      <span className="quiet" title={sampling.notSampledText}>
        {sampling.notSampled}
      </span>
    );
  }
  return (
    <Link href={`/traces/${trace.id}`} className="text-link">
      {t.searchTrace}
    </Link>
  );
}

/** The hits of a search inside the book, each with its chapter. */
export function FoundHits(props: FoundHitsProps) {
  const { book, found: search, contents, at, state, onOrder, onMore, onRetry } = props;
  const t = useTexts(readerTexts);
  const count = useCount(search.found?.partial ?? false);
  const list = useRef<HTMLOListElement>(null);
  useCurrentInView(list, at?.start);
  const { q, order, status, found, error, trace } = search;
  const orders = { relevance: t.byRelevance, place: t.byPlace };
  if (status === "error") {
    return <ErrorMessage error={error} title={t.errorTitle} onRetry={onRetry} />;
  }
  const left = found ? found.total - found.hits.length : 0;
  return (
    <div className="found" data-find-state={status} data-trace-id={trace?.id}>
      <p role="status" className="quiet">
        {found ? summary() : t.finding(q)}
      </p>
      {found && (
        <QueryNotices
          didYouMean={found.didYouMean}
          notices={found.notices}
          addressOf={(other) => readerAddress(book, { q: other, order })}
          state={state}
        />
      )}
      {found && found.total > 1 && (
        <Select
          label={t.order}
          value={order}
          options={ORDERS.map((each) => [each, orders[each]])}
          onChange={onOrder}
        />
      )}
      {found && found.hits.length > 0 && (
        <ol ref={list} className="hits" aria-label={t.hitList}>
          {found.hits.map(({ start, end, blocks }) => (
            <li key={start}>
              <Link
                href={readerAddress(book, { at: { start, end }, q, order })}
                state={state}
                className="passage"
                aria-current={at && overlaps(at, { start, end }) ? "true" : undefined}
                lang="en"
              >
                <span className="hit-chapter">
                  {pathOf(chapterAt(contents, start))
                    .map(({ title }) => title)
                    .join(" · ")}
                </span>
                <Blocks blocks={blocks} />
              </Link>
            </li>
          ))}
        </ol>
      )}
      <p className="find-ways">
        {left > 0 && (
          <button
            type="button"
            className="button"
            aria-busy={status === "loading"}
            onClick={onMore}
          >
            {t.moreHits}
          </button>
        )}
        {trace?.id && <TraceLink trace={trace} />}
      </p>
    </div>
  );

  function summary(): string {
    const total = found?.total ?? 0;
    return total > 0 ? t.foundPassages(total, count(total), q) : t.foundNone(q);
  }
}
