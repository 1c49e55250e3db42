import { Link } from "wouter-preact";
import type { Notice } from "../api/search";
import { useTexts } from "../i18n/I18n";
import { remarksTexts } from "../i18n/texts/remarks";
import { Icon } from "./Icon";

interface RemarksProps {
  didYouMean: string | null;
  notices: Notice[];
  /** Where another query is searched. */
  addressOf(q: string): string;
  /** Kept in the history entry of that search. */
  state?: unknown;
}

/** What the server has to say of a query. */
export function Remarks({ didYouMean, notices, addressOf, state }: RemarksProps) {
  const t = useTexts(remarksTexts);
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
