import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { Page } from "./Page";
import { Skeleton } from "./Skeleton";

export function PageLoading() {
  const t = useTexts(commonTexts);
  return (
    <Page title={t.loading}>
      <Skeleton rows={8} label={t.loading} />
    </Page>
  );
}
