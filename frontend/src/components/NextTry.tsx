import { useSyncExternalStore } from "preact/compat";
import { useEffect, useState } from "preact/hooks";
import { useI18n, useTexts } from "../i18n/I18n";
import { errorsTexts } from "../i18n/texts/errors";
import { serverState, subscribe } from "../recovery/server";

const TICK_MS = 250;

/** What the page does about a server that is gone. It counts silently. */
export function NextTry() {
  const t = useTexts(errorsTexts);
  const { format } = useI18n();
  const { asking, next } = useSyncExternalStore(subscribe, serverState);
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(Math.ceil((next - now) / 1000), 1);
  return (
    <p className="quiet" role="timer">
      {asking ? t.asking : t.nextTry(seconds, format.number(seconds))}
    </p>
  );
}
