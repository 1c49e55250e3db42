import { Link } from "wouter-preact";
import { useTexts } from "../../i18n/I18n";
import { comparisonTexts } from "../../i18n/texts/comparison";

/** Leads from a trace to the list, where the one to compare it with is chosen. */
export function CompareLink({ traceId }: { traceId: string }) {
  const t = useTexts(comparisonTexts);
  return (
    <Link href={`/traces?compare=${traceId}`} className="button">
      {t.compareWith}
    </Link>
  );
}
