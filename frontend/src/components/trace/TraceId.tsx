import { useTexts } from "../../i18n/I18n";
import { traceTexts } from "../../i18n/texts/trace";

export function TraceId({ id }: { id: string }) {
  const t = useTexts(traceTexts);
  return (
    <p className="trace-id">
      {t.traceId} <code>{id}</code>
    </p>
  );
}
