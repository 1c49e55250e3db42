import { useState } from "preact/hooks";
import { fetchOtlp, otlpPath } from "../../api/trace";
import { useTexts } from "../../i18n/I18n";
import { traceTexts } from "../../i18n/texts/trace";

const TYPE = "text/plain";

type Copied = "copied" | "downloaded" | "failed";

export function CopyTrace({ traceId }: { traceId: string }) {
  const t = useTexts(traceTexts);
  const [state, setState] = useState<Copied | "copying" | null>(null);
  const messages = {
    copying: t.copying,
    copied: t.copied,
    downloaded: t.downloaded,
    failed: t.copyFailed,
  };
  return (
    <>
      <button
        type="button"
        className="button-quiet"
        onClick={() => {
          setState("copying");
          void copyOtlp(traceId).then(setState);
        }}
      >
        {t.copyOtlp}
      </button>
      <span className="copy-status" aria-live="polite">
        {state && messages[state]}
      </span>
    </>
  );
}

/** Copies a trace to the clipboard as OTLP/JSON, or downloads it if there is no clipboard. */
async function copyOtlp(traceId: string): Promise<Copied> {
  const fetching = fetchOtlp(traceId);
  try {
    // Browsers allow a clipboard write only during a click. The text itself may arrive later.
    await navigator.clipboard.write([
      new ClipboardItem({ [TYPE]: fetching.then((text) => new Blob([text], { type: TYPE })) }),
    ]);
    return "copied";
  } catch {
    return fetching.then(
      () => {
        download(otlpPath(traceId), `trace-${traceId}.json`);
        return "downloaded";
      },
      () => "failed",
    );
  }
}

function download(path: string, name: string): void {
  const link = document.createElement("a");
  link.href = path;
  link.download = name;
  link.click();
}
