import type { SummariesRequest } from "../api/trace-list";

export const LOOKBACKS = ["15m", "1h", "1d"] as const;
export type Lookback = (typeof LOOKBACKS)[number];

export const PAGE_SIZE = 25;
/** As many as the server lists at once. */
export const MOST_SHOWN = 1000;
export const MOST_COMPARED = 2;

/** What an address of the list asks for. A filter that is not set is empty. */
export interface TraceListRequest {
  service: string;
  operation: string;
  errors: boolean;
  /** Milliseconds; at least `min`, and less than `max`. */
  min: number | null;
  max: number | null;
  within: Lookback | "";
  /** How many rows the reader has asked for. */
  shown: number;
  live: boolean;
  /** The ids of the traces that are chosen to be compared. */
  compare: string[];
}

export function readTraceListRequest(queryString: string): TraceListRequest {
  const params = new URLSearchParams(queryString);
  const service = params.get("service") ?? "";
  const ids = params.getAll("compare").filter((id) => /^[0-9a-f]{1,32}$/i.test(id));
  return {
    service,
    operation: service && (params.get("operation") ?? ""),
    errors: params.get("errors") === "true",
    min: milliseconds(params.get("min")),
    max: milliseconds(params.get("max")),
    within: LOOKBACKS.find((known) => known === params.get("within")) ?? "",
    shown: rounded(Number(params.get("shown"))),
    live: params.get("live") === "true",
    compare: [...new Set(ids)].slice(0, MOST_COMPARED),
  };
}

/** The list's address, which names what differs from the default and no more. */
export function traceListAddress(request: TraceListRequest): string {
  const { service, operation, errors, min, max, within, shown, live, compare } = request;
  const params = new URLSearchParams();
  if (service) params.set("service", service);
  if (service && operation) params.set("operation", operation);
  if (errors) params.set("errors", "true");
  if (min !== null) params.set("min", String(min));
  if (max !== null) params.set("max", String(max));
  if (within) params.set("within", within);
  if (shown > PAGE_SIZE) params.set("shown", String(shown));
  if (live) params.set("live", "true");
  for (const id of compare) params.append("compare", id);
  const said = params.toString();
  return `/traces${said && "?"}${said}`;
}

/** The request without any filter. */
export function withoutFilters(request: TraceListRequest): TraceListRequest {
  const { live, compare } = request;
  return { ...readTraceListRequest(""), live, compare };
}

export function isFiltered({ service, errors, min, max, within }: TraceListRequest): boolean {
  return service !== "" || errors || min !== null || max !== null || within !== "";
}

/** What the API is asked: which traces match. The same for two requests that differ in no filter. */
export function filterOf(request: TraceListRequest): SummariesRequest {
  const { service, operation, errors, min, max, within } = request;
  const asked: SummariesRequest = {};
  if (service) asked.service = service;
  if (operation) asked.operation = operation;
  if (errors) asked.errors = true;
  if (min !== null) asked.minDuration = `${min.toFixed(6)}ms`;
  // The API's longest duration is one that still matches: here that is a nanosecond less.
  if (max !== null) asked.maxDuration = `${Math.max(max - 1e-6, 0).toFixed(6)}ms`;
  if (within) asked.lookback = within;
  return asked;
}

/** How many rows to show, in whole pages. */
export function rounded(shown: number): number {
  const pages = Math.max(Math.ceil(shown / PAGE_SIZE) || 1, 1);
  return Math.min(pages * PAGE_SIZE, MOST_SHOWN);
}

/** A positive number of milliseconds that the API can be asked for, else null. */
export function milliseconds(text: string | null): number | null {
  const value = Number(text);
  return value > 0 && value < 1e9 ? value : null;
}
