import { Link } from "wouter-preact";
import { useTexts } from "../../i18n/I18n";
import { resultsTexts } from "../../i18n/texts/results";
import { FILTERS, type SearchRequest, searchAddress } from "../../search/address";
import { METHODS } from "../../search/methods";
import type { Results } from "../../search/results";
import { Message } from "../Message";

const QUOTES = /["“”]/g;

/** Suggestions after a search that found nothing. */
export function NoResults({ request, results }: { request: SearchRequest; results: Results }) {
  const t = useTexts(resultsTexts);
  const { q } = request;
  const link = (text: string, change: Partial<SearchRequest>) => (
    <Link href={searchAddress({ ...request, page: 1, ...change })}>{text}</Link>
  );
  if (results.total > 0) {
    return (
      <Message icon="book" title={t.nothingPage}>
        <p>{link(t.firstPage, {})}</p>
      </Message>
    );
  }
  const ways = [
    t.trySpelling,
    /\s/.test(q) && t.tryFewer,
    q.match(QUOTES) && link(t.tryWithoutQuotes, { q: q.replace(QUOTES, " ").trim() }),
    FILTERS.some((filter) => request[filter]) &&
      link(t.tryWithoutFilters, { author: "", title: "", book: "" }),
    ...METHODS.filter((method) => method !== request.method).map((method) =>
      link(t[`${method}Try`], { method }),
    ),
  ];
  return (
    <Message icon="book" title={t.nothingTitle(q)}>
      <p>{t.nothingText}</p>
      <ul className="ways">
        {ways.filter(Boolean).map((way, index) => (
          <li key={index}>{way}</li>
        ))}
      </ul>
    </Message>
  );
}
