import { useTexts } from "../../i18n/I18n";
import { resultsTexts } from "../../i18n/texts/results";
import { addressOf, PAGE_SIZE, type SearchRequest } from "../../search/request";
import { Pager } from "../Pager";

export function Pagination({ request, total }: { request: SearchRequest; total: number }) {
  const t = useTexts(resultsTexts);
  const pages = Math.ceil(total / PAGE_SIZE);
  if (pages < 2) return null;
  return (
    <Pager
      label={t.pages}
      page={request.page}
      pages={pages}
      addressOf={(page) => addressOf({ ...request, page })}
    />
  );
}
