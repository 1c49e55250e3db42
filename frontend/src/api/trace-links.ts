import { getJson } from "./http";

/** Another place of traces; `{trace_id}` stands in its address for the id. */
export interface TraceLink {
  name: string;
  url: string;
}

let asked: Promise<TraceLink[]> | undefined;

/** Where else traces can be looked at; asked for once. */
export function fetchTraceLinks(): Promise<TraceLink[]> {
  asked ??= getJson<{ links?: TraceLink[] }>("/api/trace-links").then(({ links = [] }) => links);
  asked.catch(() => {
    asked = undefined;
  });
  return asked;
}

export function addressIn({ url }: TraceLink, traceId: string): string {
  return url.replaceAll("{trace_id}", encodeURIComponent(traceId));
}
