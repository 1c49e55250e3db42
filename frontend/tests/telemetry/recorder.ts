import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace";
import { createTracer } from "../../src/telemetry/otel-tracer";
import { installTracer } from "../../src/telemetry/span";

/** Records every span that ends, instead of sending it. */
export function recordSpans(share = 1): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  installTracer(createTracer(new SimpleSpanProcessor({ exporter }), share));
  return exporter;
}

/** The names as an indented tree, siblings in the order of their starts. */
export function treeOf(exporter: InMemorySpanExporter): string[] {
  const spans = exporter
    .getFinishedSpans()
    .toSorted((a, b) => millis(a.startTime) - millis(b.startTime));
  const lines: string[] = [];
  const add = (parent: string | undefined, indent: string) => {
    for (const span of spans.filter((each) => each.parentSpanContext?.spanId === parent)) {
      lines.push(indent + span.name);
      add(span.spanContext().spanId, `${indent}  `);
    }
  };
  add(undefined, "");
  return lines;
}

export function spanNamed(exporter: InMemorySpanExporter, name: string): ReadableSpan {
  const span = exporter.getFinishedSpans().find((each) => each.name === name);
  if (!span) throw new Error(`no span ${name}`);
  return span;
}

export function millis([seconds, nanos]: [number, number]): number {
  return seconds * 1000 + nanos / 1e6;
}
