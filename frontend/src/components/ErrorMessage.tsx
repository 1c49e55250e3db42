import { type Problem, ProblemError } from "../api/problem";
import { useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { problemTexts } from "../i18n/texts/problems";
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
    return (
      <Message icon="warning" title={title} role="alert">
        <Reason problem={error.problem} />
        <p className="quiet">{t.errorStatus(error.problem.status)}</p>
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

/** The page's own words for a problem; the server's, which are English, where it knows none. */
function Reason({ problem: { type, status, title, detail } }: { problem: Problem }) {
  const words: Record<string, string> = useTexts(problemTexts);
  const reason = words[type === "about:blank" ? status : type];
  return (
    <>
      {reason && <p>{reason}</p>}
      {(!reason || type === "/docs#invalid-request") && <p lang="en">{detail ?? title}</p>}
    </>
  );
}
