import { useI18n } from "../i18n/I18n";

export function TraceId({ id }: { id: string }) {
  const { t } = useI18n();
  return (
    <p className="trace-id">
      {t.traceId} <code>{id}</code>
    </p>
  );
}
