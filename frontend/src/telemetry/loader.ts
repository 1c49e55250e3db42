import { sendSpansOnPageHide } from "./page-hide";
import { installTracer, newTrace, type SpanContext } from "./span";

const TIMEOUT_MS = 1000;

let loading: Promise<unknown> | undefined;

/**
 * Loads the tracing SDK. Resolves when it is loaded, has failed, or has taken too long; without it
 * the page works, but records no spans.
 */
export function loadTracing(): Promise<unknown> {
  loading ??= Promise.race([load(), new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS))]);
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

/** The parent of a new trace once the SDK is loaded, or null if it did not load. */
export async function newTraceWhenReady(): Promise<SpanContext> {
  await loadTracing();
  return newTrace();
}
