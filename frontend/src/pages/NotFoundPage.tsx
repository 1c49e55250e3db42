import { Link } from "wouter";
import { Message } from "../components/Message";
import { Page } from "../components/Page";
import { useI18n } from "../i18n/I18n";

export default function NotFoundPage() {
  const { t } = useI18n();
  return (
    <Page title={t.notFoundTitle}>
      <Message icon="book" heading="h1" title={t.notFoundTitle}>
        <p>{t.notFoundText}</p>
        <Link href="/" className="button">
          {t.goSearch}
        </Link>
      </Message>
    </Page>
  );
}
