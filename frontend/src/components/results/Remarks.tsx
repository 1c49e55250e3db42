import { Link } from "wouter";
import { useTexts } from "../../i18n/I18n";
import { resultsTexts } from "../../i18n/texts/results";
import type { Results } from "../../search/present";
import { addressOf, type SearchRequest } from "../../search/request";
import { Icon } from "../Icon";

/** What the server has to say of the query. */
export function Remarks({ request, results }: { request: SearchRequest; results: Results }) {
  const t = useTexts(resultsTexts);
  const { didYouMean, notices } = results;
  return (
    <>
      {didYouMean && (
        <p className="did-you-mean">
          {t.didYouMean}{" "}
          <Link href={addressOf({ ...request, q: didYouMean, page: 1 })} lang="en">
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
