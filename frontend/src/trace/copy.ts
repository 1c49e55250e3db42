import { otlpPath } from "../api/traces";

const TYPE = "text/plain";

export type Copied = "copied" | "downloaded" | "failed";

/** Puts a trace on the clipboard as OTLP/JSON, or downloads it where there is no clipboard. */
export async function copyOtlp(traceId: string): Promise<Copied> {
  const fetching = fetchText(otlpPath(traceId));
  try {
    // A browser gives its clipboard to a click alone: the text may come later, the write may not.
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

async function fetchText(path: string): Promise<string> {
  const response = await fetch(path, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

function download(path: string, name: string): void {
  const link = document.createElement("a");
  link.href = path;
  link.download = name;
  link.click();
}
