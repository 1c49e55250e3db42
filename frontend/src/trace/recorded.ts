import type { Log, Span, Tag } from "../api/trace";

/** The tags that Jaeger's format derives from fields of a span. The page shows the fields. */
const DERIVED_TAGS = new Set([
  "span.kind",
  "error",
  "otel.status_code",
  "otel.status_description",
  "otel.scope.name",
  "otel.scope.version",
  "w3c.tracestate",
]);

export type SpanKind = Span["kind"];

/** Whether the span's status is an error. Attributes do not matter. */
export function isError({ status }: Span): boolean {
  return status.code === "error";
}

/** The span's start, in nanoseconds since `origin`, and its duration in nanoseconds. */
export function timesOf(span: Span, origin: bigint): { start: number; duration: number } {
  return {
    start: Number(BigInt(span.startTimeUnixNano) - origin),
    duration: Math.max(Number(span.durationNano), 0),
  };
}

/** The earliest start, in nanoseconds since 1970. A number cannot hold it exactly. */
export function originOf(spans: readonly Span[]): bigint {
  let origin: bigint | undefined;
  for (const { startTimeUnixNano } of spans) {
    const start = BigInt(startTimeUnixNano);
    if (origin === undefined || start < origin) origin = start;
  }
  return origin ?? 0n;
}

export function parentOf(span: Span): string | undefined {
  return span.references.find(
    ({ refType, traceID }) => refType === "CHILD_OF" && traceID === span.traceID,
  )?.spanID;
}

/** W3C trace flags as in `traceparent`: 01 is sampled. */
export function hexFlags(flags: number): string {
  return flags.toString(16).padStart(2, "0");
}

/** The attributes of a span, without the tags that Jaeger's format adds. */
export function attributesOf({ tags }: Span): Tag[] {
  return tags.filter(({ key }) => !DERIVED_TAGS.has(key));
}

/** The value of an attribute, by the name that the sender gave it. */
export function attributeOf(span: Span | null, name: string): Tag["value"] | undefined {
  return span?.tags.find((tag) => keyOf(tag) === name)?.value;
}

/** The name that the sender gave an attribute. The key differs if it is that of a derived tag. */
export function keyOf({ key, name }: Tag): string {
  return name ?? key;
}

/** The attributes of an event, without the field that Jaeger's format adds for its name. */
export function eventAttributes({ fields }: Log): Tag[] {
  return fields.filter(({ key }) => key !== "event");
}

/** Nanoseconds between a span's start and its event. Negative if the event is earlier. */
export function sinceStart({ timeUnixNano }: Log, { startTimeUnixNano }: Span): number {
  return Number(BigInt(timeUnixNano) - BigInt(startTimeUnixNano));
}
