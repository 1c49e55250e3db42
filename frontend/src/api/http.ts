import { ProblemError, reached, readProblem } from "./problem";

/** Fetches JSON from the page's own origin; throws `ProblemError` for any error answer. */
export async function getJson<T>(address: string | URL, signal?: AbortSignal): Promise<T> {
  const headers = { accept: "application/json" };
  const response = await reached(fetch(address, { headers, signal: signal ?? null }));
  const body = await reached(response.text());
  if (!response.ok) throw new ProblemError(readProblem(response, body));
  return JSON.parse(body) as T;
}
