import { Link } from "wouter-preact";
import { Message } from "../components/Message";
import { Page } from "../components/Page";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";

export default function NotFoundPage() {
  const t = useTexts(commonTexts);
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
