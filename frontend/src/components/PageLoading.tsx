import { useI18n } from "../i18n/I18n";
import { Page } from "./Page";
import { Skeleton } from "./Skeleton";

export function PageLoading() {
  const { t } = useI18n();
  return (
    <Page title={t.loading}>
      <Skeleton rows={8} label={t.loading} />
    </Page>
  );
}
