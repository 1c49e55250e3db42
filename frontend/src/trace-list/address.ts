import type { SummariesRequest } from "../api/trace-list";

export const LOOKBACKS = ["15m", "1h", "1d"] as const;
export type Lookback = (typeof LOOKBACKS)[number];

export const PAGE_SIZE = 25;
/** The most traces that the server lists. */
export const MOST_SHOWN = 1000;
export const MOST_COMPARED = 2;

/** What an address of the list asks for. An unset filter is empty. */
export interface TraceListRequest {
  service: string;
  operation: string;
  errors: boolean;
  /** Milliseconds; at least `min`, and less than `max`. */
  min: number | null;
  max: number | null;
  within: Lookback | "";
  /** The number of rows to show. */
  shown: number;
  live: boolean;
  /** The ids of the traces selected for comparison. */
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

/** The address of the list. It contains only what differs from the default. */
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
  const query = params.toString();
  return `/traces${query && "?"}${query}`;
}

/** The request without filters. */
export function withoutFilters(request: TraceListRequest): TraceListRequest {
  const { live, compare } = request;
  return { ...readTraceListRequest(""), live, compare };
}

export function isFiltered({ service, errors, min, max, within }: TraceListRequest): boolean {
  return service !== "" || errors || min !== null || max !== null || within !== "";
}

/** The filters of a request, as the API takes them. */
export function filterOf(request: TraceListRequest): SummariesRequest {
  const { service, operation, errors, min, max, within } = request;
  const asked: SummariesRequest = {};
  if (service) asked.service = service;
  if (operation) asked.operation = operation;
  if (errors) asked.errors = true;
  if (min !== null) asked.minDuration = `${min.toFixed(6)}ms`;
  // The API's maximum is inclusive and `max` is not, so it is a nanosecond less.
  if (max !== null) asked.maxDuration = `${Math.max(max - 1e-6, 0).toFixed(6)}ms`;
  if (within) asked.lookback = within;
  return asked;
}

/** The number of rows to show, rounded up to whole pages. */
export function rounded(shown: number): number {
  const pages = Math.max(Math.ceil(shown / PAGE_SIZE) || 1, 1);
  return Math.min(pages * PAGE_SIZE, MOST_SHOWN);
}

/** A number of milliseconds that the API accepts, or null. */
export function milliseconds(text: string | null): number | null {
  const value = Number(text);
  return value > 0 && value < 1e9 ? value : null;
}
