import { ProblemError, readProblem } from "./problem";

/** Fetches JSON from the page's own origin; throws `ProblemError` for any error answer. */
export async function getJson<T>(address: string | URL, signal?: AbortSignal): Promise<T> {
  const response = await fetch(address, {
    headers: { accept: "application/json" },
    signal: signal ?? null,
  });
  const body = await response.text();
  if (!response.ok) throw new ProblemError(readProblem(response, body));
  return JSON.parse(body) as T;
}
