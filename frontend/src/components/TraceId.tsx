import { useTexts } from "../i18n/I18n";
import { tracesTexts } from "../i18n/texts/traces";

export function TraceId({ id }: { id: string }) {
  const t = useTexts(tracesTexts);
  return (
    <p className="trace-id">
      {t.traceId} <code>{id}</code>
    </p>
  );
}
