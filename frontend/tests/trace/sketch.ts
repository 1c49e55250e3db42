import type { Span, Tag, Trace } from "../../src/api/trace";

export interface SpanSketch {
  id: string;
  parent?: string;
  at: number;
  for: number;
  service?: string;
  name?: string;
  kind?: string;
  error?: boolean;
}

/** A trace in Jaeger's shape from the little that a test is about. */
export function trace(...sketches: SpanSketch[]): Trace {
  const services = [...new Set(sketches.map(({ service = "search-backend" }) => service))];
  return {
    traceID: "t",
    spans: sketches.map((sketch) => toSpan(sketch, services)),
    processes: Object.fromEntries(
      services.map((serviceName, index) => [
        `p${index}`,
        { serviceName, tags: [], schemaUrl: "", droppedAttributesCount: 0 },
      ]),
    ),
    warnings: null,
    rootSpanID: sketches[0]?.id ?? null,
    scopes: {
      s1: { name: "", version: "", attributes: [], schemaUrl: "", droppedAttributesCount: 0 },
    },
    droppedSpansCount: 0,
    conflictingSpansCount: 0,
    unreadableSpansCount: 0,
  };
}

function toSpan(sketch: SpanSketch, services: string[]): Span {
  const { id, parent, at, for: duration, service = "search-backend", name, kind, error } = sketch;
  const tags: Tag[] = [];
  if (kind) tags.push({ key: "span.kind", type: "string", value: kind });
  if (error) tags.push({ key: "error", type: "bool", value: true });
  return {
    traceID: "t",
    spanID: id,
    operationName: name ?? id,
    references: parent ? [{ refType: "CHILD_OF", traceID: "t", spanID: parent }] : [],
    startTime: at,
    duration,
    tags,
    logs: [],
    processID: `p${services.indexOf(service)}`,
    warnings: null,
    flags: 1,
    kind: (kind ?? "unspecified") as Span["kind"],
    status: { code: error ? "error" : "unset", message: "" },
    startTimeUnixNano: String(at * 1000),
    durationNano: String(duration * 1000),
    scopeID: "s1",
    traceState: "",
    parentIsRemote: null,
    links: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
