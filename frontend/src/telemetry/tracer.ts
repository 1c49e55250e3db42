import type { Context } from "@opentelemetry/api";
import type { AttributeName, SpanName } from "./names";

export type { Context };
export type Attributes = Partial<Record<AttributeName, string | number>>;
export type Kind = "internal" | "client";

export interface OpenSpan {
  readonly traceId: string;
  readonly sampled: boolean;
  set(attributes: Attributes): void;
  fail(errorType: string): void;
}

export interface StartedSpan extends OpenSpan {
  readonly context: Context;
  end(at: number): void;
}

/**
 * What the application needs of OpenTelemetry. The SDK stands behind it in a chunk of its own, so
 * that nothing else depends on whether that chunk ever arrives.
 */
export interface Tracer {
  readonly root: Context;
  start(
    parent: Context,
    name: SpanName,
    kind: Kind,
    attributes: Attributes,
    at: number,
  ): StartedSpan;
  headers(context: Context): Record<string, string>;
  flush(): Promise<void>;
}
