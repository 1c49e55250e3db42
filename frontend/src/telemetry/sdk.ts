import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace";
import { createTracer } from "./otel-tracer";
import { sampledShare } from "./sampling";
import type { Tracer } from "./tracer";

/** A tracer that sends spans to the page's own origin, by `fetch` with keepalive. */
export function createExportingTracer(): Tracer {
  return createTracer(
    new BatchSpanProcessor({
      exporter: new OTLPTraceExporter({ url: new URL("/v1/traces", location.href).href }),
      scheduledDelayMillis: 1000,
      maxExportBatchSize: 64,
      maxQueueSize: 512,
      // The SDK's own listener would flush before our open spans have ended.
      disableAutoFlushOnDocumentHide: true,
    }),
    sampledShare(),
  );
}
