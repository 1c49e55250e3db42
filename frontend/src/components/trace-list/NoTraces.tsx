import { Link } from "wouter-preact";
import { useTexts } from "../../i18n/I18n";
import { commonTexts } from "../../i18n/texts/common";
import { traceListTexts } from "../../i18n/texts/trace-list";
import {
  isFiltered,
  type TraceListRequest,
  traceListAddress,
  withoutFilters,
} from "../../trace-list/address";
import { Message } from "../Message";

/** Why the list is empty, and what to do. */
export function NoTraces({ request }: { request: TraceListRequest }) {
  const t = useTexts(traceListTexts);
  const common = useTexts(commonTexts);
  if (isFiltered(request)) {
    return (
      <Message icon="search" title={t.nothingTitle}>
        <p>{t.nothingText}</p>
        <Link href={traceListAddress(withoutFilters(request))} className="button">
          {t.reset}
        </Link>
      </Message>
    );
  }
  return (
    <Message icon="clock" title={t.emptyTitle}>
      <p>{t.emptyText}</p>
      <Link href="/" className="button">
        {common.goSearch}
      </Link>
    </Message>
  );
}
