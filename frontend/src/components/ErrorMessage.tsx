import { ProblemError } from "../api/problem";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { Message } from "./Message";

interface ErrorMessageProps {
  error: unknown;
  title: string;
  onRetry(): void;
}

export function ErrorMessage({ error, title, onRetry }: ErrorMessageProps) {
  const t = useTexts(commonTexts);
  const retry = (
    <button type="button" className="button" onClick={onRetry}>
      {t.tryAgain}
    </button>
  );
  if (error instanceof ProblemError) {
    const { title: reason, detail, status } = error.problem;
    return (
      <Message icon="warning" title={title} role="alert">
        <p>{detail ?? reason}</p>
        <p className="quiet">{t.errorStatus(status)}</p>
        {retry}
      </Message>
    );
  }
  if (!navigator.onLine) {
    return (
      <Message icon="offline" title={t.offlineTitle} role="alert">
        <p>{t.offlineText}</p>
        {retry}
      </Message>
    );
  }
  return (
    <Message icon="offline" title={t.unreachableTitle} role="alert">
      <p>{t.unreachableText}</p>
      {retry}
    </Message>
  );
}
