import { useSyncExternalStore } from "preact/compat";
import { useEffect, useState } from "preact/hooks";
import { isBusy, isGone, type Problem, ProblemError } from "../api/problem";
import { useI18n, useTexts } from "../i18n/I18n";
import { commonTexts } from "../i18n/texts/common";
import { errorsTexts } from "../i18n/texts/errors";
import { problemTexts } from "../i18n/texts/problems";
import { serverState, subscribe } from "../recovery/await-server";
import { useRecovery } from "../recovery/use-recovery";
import { Message } from "./Message";

const TICK_MS = 250;

interface ErrorMessageProps {
  error: unknown;
  title: string;
  /** Also called automatically when an unreachable server is back. */
  onRetry(): void;
}

export function ErrorMessage({ error, title, onRetry }: ErrorMessageProps) {
  const t = useTexts(errorsTexts);
  const common = useTexts(commonTexts);
  const online = useOnline();
  const next = useRecovery(error, onRetry);
  if (isGone(error)) {
    return (
      <Message icon="offline" title={online ? t.unreachableTitle : t.offlineTitle} role="alert">
        <p>{online ? t.unreachableText : t.offlineText}</p>
        <NextTry />
        <Action onClick={onRetry}>{t.tryNow}</Action>
      </Message>
    );
  }
  if (isBusy(error)) {
    return (
      <Message icon="warning" title={t.busyTitle} role="alert">
        <p>{t.busyText}</p>
        {next !== null && <Countdown next={next} />}
        <Action onClick={onRetry}>{t.tryNow}</Action>
      </Message>
    );
  }
  if (error instanceof ProblemError) {
    return (
      <Message icon="warning" title={title} role="alert">
        <Reason problem={error.problem} />
        <p className="quiet">{t.errorStatus(error.problem.status)}</p>
        <Action onClick={onRetry}>{t.tryAgain}</Action>
      </Message>
    );
  }
  return (
    <Message icon="warning" title={title} role="alert">
      <p>{t.unknownText}</p>
      <Action onClick={() => window.location.reload()}>{common.reload}</Action>
    </Message>
  );
}

function Action({ onClick, children }: { onClick(): void; children: string }) {
  return (
    <button type="button" className="button" onClick={onClick}>
      {children}
    </button>
  );
}

/** The page's text for a problem. If it has none, the server's, which is English. */
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

/** When the page tries again to reach the server. */
function NextTry() {
  const t = useTexts(errorsTexts);
  const { asking, next } = useSyncExternalStore(subscribe, serverState);
  return asking ? (
    <p className="quiet" role="timer">
      {t.asking}
    </p>
  ) : (
    <Countdown next={next} />
  );
}

/** The seconds until a time on the clock of `performance.now()`. */
function Countdown({ next }: { next: number }) {
  const t = useTexts(errorsTexts);
  const { format } = useI18n();
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(Math.ceil((next - now) / 1000), 1);
  return (
    <p className="quiet" role="timer">
      {t.nextTry(seconds, format.number(seconds))}
    </p>
  );
}

/** Whether the browser reports a network connection. */
function useOnline(): boolean {
  return useSyncExternalStore(subscribeToConnection, () => navigator.onLine);
}

function subscribeToConnection(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
