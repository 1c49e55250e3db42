import type { Span, Tag, Trace } from "../../src/api/trace";
import type { SpanKind } from "../../src/trace/recorded";

/** Times are nanoseconds. */
export interface SpanSketch {
  id: string;
  parent?: string;
  at: number;
  for: number;
  service?: string;
  name?: string;
  kind?: SpanKind;
  error?: boolean;
  tags?: Tag[];
}

/** A moment for traces to start at, which no double-precision number holds to the nanosecond. */
const EPOCH = 1_750_000_000_000_000_001n;

/** A trace in the API's shape from the little that a test is about. The first root is its root. */
export function trace(...sketches: SpanSketch[]): Trace {
  const services = [...new Set(sketches.map(({ service = "search-backend" }) => service))];
  const root = sketches.find(({ parent }) => !parent) ?? sketches[0];
  return {
    traceID: "t",
    spans: sketches.map((sketch) => toSpan(sketch, services)),
    processes: Object.fromEntries(
      services.map((serviceName, index) => [
        `p${index}`,
        { serviceName, tags: [], schemaUrl: "", droppedAttributesCount: 0 },
      ]),
    ),
    scopes: {
      s: { name: "", version: "", attributes: [], schemaUrl: "", droppedAttributesCount: 0 },
    },
    warnings: null,
    rootSpanID: root?.id ?? null,
    droppedSpansCount: 0,
    conflictingSpansCount: 0,
    unreadableSpansCount: 0,
  };
}

function toSpan(sketch: SpanSketch, services: string[]): Span {
  const { id, parent, at, for: duration, service = "search-backend", name, kind, error } = sketch;
  const start = EPOCH + BigInt(at);
  return {
    traceID: "t",
    spanID: id,
    operationName: name ?? id,
    references: parent ? [{ refType: "CHILD_OF", traceID: "t", spanID: parent }] : [],
    startTime: Number(start / 1000n),
    duration: Math.floor(duration / 1000),
    startTimeUnixNano: String(start),
    durationNano: String(duration),
    kind: kind ?? "internal",
    status: { code: error ? "error" : "unset", message: "" },
    tags: sketch.tags ?? [],
    logs: [],
    links: [],
    processID: `p${services.indexOf(service)}`,
    scopeID: "s",
    traceState: "",
    parentIsRemote: null,
    warnings: null,
    flags: 1,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Numbers from 0 to less than `limit`, the same for the same seed. */
export function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
