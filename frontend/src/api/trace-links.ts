import { getJson } from "./http";
import type { Answer } from "./shapes";

/** Another place of traces; `{trace_id}` stands in its address for the id. */
export type TraceLink = Answer<"/api/trace-links">["links"][number];

let asked: Promise<TraceLink[]> | undefined;

/** Where else traces can be looked at; asked for once. */
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
