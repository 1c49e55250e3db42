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
 * What the page needs of OpenTelemetry. The SDK implements it in a separate chunk, so that the page
 * works even if that chunk never loads.
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
