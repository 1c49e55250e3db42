import { sendSpansOnPageHide } from "./page-hide";
import { installTracer, newTrace, type SpanContext } from "./span";

const PATIENCE_MS = 1000;

let loading: Promise<unknown> | undefined;

/**
 * Fetches the tracing SDK; resolves when it is there, or need not be waited for any longer. Where it
 * is blocked or hangs, the page works on without spans.
 */
export function loadTracing(): Promise<unknown> {
  loading ??= Promise.race([load(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  return loading;
}

function load(): Promise<void> {
  return import("./sdk").then(
    ({ createExportingTracer }) => {
      installTracer(createExportingTracer());
      sendSpansOnPageHide();
    },
    () => {},
  );
}

/** The parent of a new trace, once tracing is there, or null when it stays away. */
export async function newTraceWhenReady(): Promise<SpanContext> {
  await loadTracing();
  return newTrace();
}
