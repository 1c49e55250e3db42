import { useState } from "preact/hooks";
import { useTexts } from "../../i18n/I18n";
import { waterfallTexts } from "../../i18n/texts/waterfall";
import { type Copied, copyOtlp } from "../../trace/copy";

export function CopyTrace({ traceId }: { traceId: string }) {
  const t = useTexts(waterfallTexts);
  const [state, setState] = useState<Copied | "copying" | null>(null);
  const said = {
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
        {state && said[state]}
      </span>
    </>
  );
}
