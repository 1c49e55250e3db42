import { sendSpansOnPageHide } from "./page-hide";
import { installBackend, newTrace, type SpanContext } from "./span";

const PATIENCE_MS = 1000;

let loading: Promise<void> | undefined;

/** Fetches the tracing SDK. Where it is blocked, the page works on without spans. */
export function loadTracing(): Promise<void> {
  loading ??= import("./sdk").then(
    ({ createExportingBackend }) => {
      installBackend(createExportingBackend());
      sendSpansOnPageHide();
    },
    () => {},
  );
  return loading;
}

/** The parent of a new trace, once tracing is there, or null when it stays away. */
export async function newTraceWhenReady(): Promise<SpanContext> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([loadTracing(), patience]);
  clearTimeout(timer);
  return newTrace();
}
