import {
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { SDK_INFO, W3CTraceContextPropagator } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { SERVICE_NAME } from "./names";
import { samplerOf } from "./sampling";
import type { Tracer } from "./tracer";

/** The version of the system. The build defines it. */
declare const VERSION: string;

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT };

export function createTracer(processor: SpanProcessor, share = 1): Tracer {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.name": SERVICE_NAME,
      "service.instance.id": randomUuid(),
      "telemetry.sdk.name": SDK_INFO["telemetry.sdk.name"],
      "telemetry.sdk.language": SDK_INFO["telemetry.sdk.language"],
      "telemetry.sdk.version": SDK_INFO["telemetry.sdk.version"],
    }),
    sampler: samplerOf(share),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer(SERVICE_NAME, VERSION);
  const propagator = new W3CTraceContextPropagator();

  return {
    root: ROOT_CONTEXT,
    start(parent, name, kind, attributes, at) {
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, startTime: at }, parent);
      return {
        context: trace.setSpan(parent, span),
        traceId: span.spanContext().traceId,
        sampled: span.isRecording(),
        set: (more) => void span.setAttributes(more),
        fail(errorType) {
          span.setAttribute("error.type", errorType);
          span.setStatus({ code: SpanStatusCode.ERROR });
        },
        end: (end) => span.end(end),
      };
    },
    headers(context) {
      const carrier: Record<string, string> = {};
      propagator.inject(context, carrier, defaultTextMapSetter);
      return carrier;
    },
    flush: () => provider.forceFlush(),
  };
}

/** `crypto.randomUUID` exists only on secure origins. */
function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
