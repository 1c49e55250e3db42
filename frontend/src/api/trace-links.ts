import { getJson } from "./http";
import type { Answer } from "./shapes";

/** A link to another trace system. `{trace_id}` in its URL stands for the id. */
export type TraceLink = Answer<"/api/trace-links">["links"][number];

let asked: Promise<TraceLink[]> | undefined;

/** The configured links to other trace systems, fetched once. */
export function fetchTraceLinks(): Promise<TraceLink[]> {
  asked ??= getJson<Partial<Answer<"/api/trace-links">>>("/api/trace-links").then(
    ({ links = [] }) => links,
  );
  asked.catch(() => {
    asked = undefined;
  });
  return asked;
}

export function addressIn({ url }: TraceLink, traceId: string): string {
  return url.replaceAll("{trace_id}", encodeURIComponent(traceId));
}
