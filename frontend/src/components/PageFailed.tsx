import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { askNow, awaitServer } from "../recovery/await-server";
import { isMissingChunk, reloadOnce } from "../recovery/missing-chunk";
import { Message } from "./Message";
import { Page } from "./Page";

const reload = () => window.location.reload();

/** In the place of a page that failed, or that could not be fetched. */
export function PageFailed({ error }: { error: unknown }) {
  const t = useTexts(commonTexts);
  const missing = isMissingChunk(error);
  const [waits, setWaits] = useState(missing);
  useEffect(() => {
    if (!missing) return;
    // A server that answers has been updated: its page has what this one asks for in vain.
    const stop = awaitServer(() => setWaits(reloadOnce()));
    void askNow();
    return stop;
  }, [missing]);
  return (
    <Page title={t.failedTitle}>
      <Message icon="warning" heading="h1" title={t.failedTitle} role="alert">
        <p>{waits ? t.waitsText : t.failedText}</p>
        <button type="button" className="button" onClick={waits ? askNow : reload}>
          {t.reload}
        </button>
        <Link href="/" className="button">
          {t.goSearch}
        </Link>
      </Message>
    </Page>
  );
}
