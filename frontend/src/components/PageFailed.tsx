import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { askNow, awaitServer } from "../recovery/await-server";
import { isMissingChunk, reloadOnce } from "../recovery/missing-chunk";
import { Message } from "./Message";
import { Page } from "./Page";

const reload = () => window.location.reload();

/** Shown in place of a page that failed to render or to load. */
export function PageFailed({ error }: { error: unknown }) {
  const t = useTexts(commonTexts);
  const missing = isMissingChunk(error);
  const [waiting, setWaiting] = useState(missing);
  useEffect(() => {
    if (!missing) return;
    // If the server answers, it was updated, and a reload brings the new page.
    const stop = awaitServer(() => setWaiting(reloadOnce()));
    void askNow();
    return stop;
  }, [missing]);
  return (
    <Page title={t.failedTitle}>
      <Message icon="warning" heading="h1" title={t.failedTitle} role="alert">
        <p>{waiting ? t.waitsText : t.failedText}</p>
        <button type="button" className="button" onClick={waiting ? askNow : reload}>
          {t.reload}
        </button>
        <Link href="/" className="button">
          {t.goSearch}
        </Link>
      </Message>
    </Page>
  );
}
