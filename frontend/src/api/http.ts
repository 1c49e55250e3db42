import { type SpanContext, span, traceHeaders } from "../telemetry/span";
import type { Attributes } from "../telemetry/tracer";
import { ProblemError, reached, readProblem, readRetryAfter } from "./problem";

export interface HttpRequest {
  /** With a parent, the request has a span of its own, and the server continues the trace. */
  parent?: SpanContext;
  signal?: AbortSignal | undefined;
  cache?: RequestCache;
}

export interface HttpAnswer {
  response: Response;
  body: string;
}

/**
 * Sends a GET request to the page's origin. All requests of the page pass through here. Returns the
 * answer whatever its status is. Throws `UnreachableError` if there is none.
 */
export function get(
  address: string | URL,
  { parent = null, signal, cache = "default" }: HttpRequest = {},
): Promise<HttpAnswer> {
  return span(
    parent,
    "http_request",
    parent ? attributesOf(address) : {},
    async (context, http) => {
      const headers = { accept: "application/json", ...traceHeaders(context) };
      const response = await reached(fetch(address, { headers, cache, signal: signal ?? null }));
      http.set({ "http.response.status_code": response.status });
      if (!response.ok) http.fail(String(response.status));
      return { response, body: await reached(response.text()) };
    },
    "client",
  );
}

/** Returns the JSON of an answer, or its error. */
export function parse<T>(answer: HttpAnswer): T | ProblemError {
  return problemOf(answer) ?? (JSON.parse(answer.body) as T);
}

/** Fetches JSON. Throws `ProblemError` for any error answer. */
export async function getJson<T>(address: string | URL, signal?: AbortSignal): Promise<T> {
  return JSON.parse(await getText(address, signal)) as T;
}

/** Fetches text. Throws `ProblemError` for any error answer. */
export async function getText(address: string | URL, signal?: AbortSignal): Promise<string> {
  const answer = await get(address, { signal });
  const problem = problemOf(answer);
  if (problem) throw problem;
  return answer.body;
}

function problemOf({ response, body }: HttpAnswer): ProblemError | null {
  if (response.ok) return null;
  return new ProblemError(readProblem(response, body), readRetryAfter(response));
}

function attributesOf(address: string | URL): Attributes {
  const url = new URL(address, window.location.href);
  return {
    "http.request.method": "GET",
    "url.full": url.href,
    "server.address": url.hostname,
    "server.port": Number(url.port) || (url.protocol === "https:" ? 443 : 80),
  };
}
