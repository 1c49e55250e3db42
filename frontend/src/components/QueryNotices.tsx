import { Link } from "wouter-preact";
import type { Notice } from "../api/search";
import { useTexts } from "../i18n/I18n";
import { queryNoticesTexts } from "../i18n/texts/query-notices";
import { Icon } from "./Icon";

interface QueryNoticesProps {
  didYouMean: string | null;
  notices: Notice[];
  /** The address of a search for another query. */
  addressOf(q: string): string;
  /** Stored in the history entry of that search. */
  state?: unknown;
}

/** The server's notices about a query, and its spelling suggestion. */
export function QueryNotices({ didYouMean, notices, addressOf, state }: QueryNoticesProps) {
  const t = useTexts(queryNoticesTexts);
  return (
    <>
      {didYouMean && (
        <p className="did-you-mean">
          {t.didYouMean}{" "}
          <Link href={addressOf(didYouMean)} state={state} lang="en">
            {didYouMean}
          </Link>
        </p>
      )}
      {notices
        .filter((notice) => t[notice])
        .map((notice) => (
          <p key={notice} className="notice">
            <Icon name="warning" />
            {t[notice]}
          </p>
        ))}
    </>
  );
}
