import { useI18n, useTexts } from "../../i18n/I18n";
import { traceTexts } from "../../i18n/texts/trace";
import type { ClockSkew } from "../../trace/clock-skew";
import { Icon } from "../Icon";

interface ClockNoticeProps {
  skew: ClockSkew;
  corrected: boolean;
  onCorrect(corrects: boolean): void;
}

/** Offers to correct clock skew, or to show the recorded times again. */
export function ClockNotice({ skew, corrected, onCorrect }: ClockNoticeProps) {
  const t = useTexts(traceTexts);
  const { format } = useI18n();
  const { servers, longer, farthest } = skew;
  if (servers === 0) return null;
  const says = corrected ? t.clocksCorrected : t.clockSkew;
  return (
    <div className="notice clock-notice">
      <Icon name="clock" />
      <p role="status">
        {says(servers, format.number(servers), format.duration(farthest))}
        {longer > 0 && ` ${t.longerServers(longer, format.number(longer))}`}
      </p>
      <button
        type="button"
        className="button-quiet"
        aria-pressed={corrected}
        onClick={() => onCorrect(!corrected)}
      >
        {t.correctClocks}
      </button>
    </div>
  );
}
