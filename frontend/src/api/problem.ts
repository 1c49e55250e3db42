import { errorType, type TypedError } from "../telemetry/error-type";
import type { components } from "./description";

/** RFC 9457 */
export type Problem = components["schemas"]["ProblemDocument"];
export type ProblemType = components["schemas"]["ProblemType"];

/** The server answered with an error status. */
export class ProblemError extends Error implements TypedError {
  override readonly name = "ProblemError";
  readonly errorType: string;

  constructor(
    readonly problem: Problem,
    /** The seconds after which the server allows another request, or null. */
    readonly retryAfter: number | null = null,
  ) {
    super(problem.detail ?? problem.title);
    this.errorType = String(problem.status);
  }
}

/** No answer: the server or the network is down. */
export class UnreachableError extends Error implements TypedError {
  override readonly name = "UnreachableError";
  readonly errorType: string;

  constructor(cause: unknown) {
    super("The server cannot be reached", { cause });
    this.errorType = errorType(cause);
  }
}

/** Awaits a `fetch`, and turns its network errors into `UnreachableError`. */
export async function reached<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof TypeError ? new UnreachableError(error) : error;
  }
}

const GONE = [502, 503, 504];

/** Whether the server is temporarily unreachable, so that the request can be repeated. */
export function isGone(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return error instanceof UnreachableError;
  const { type, status } = error.problem;
  return type === "about:blank" && GONE.includes(status);
}

/** Whether the server has too many searches, so that this one can be repeated later. */
export function isBusy(error: unknown): error is ProblemError {
  return isProblem(error, "/docs#search-busy");
}

/** The seconds in a `Retry-After` header, or null. The server never sends a date. */
export function readRetryAfter(response: Response): number | null {
  const header = response.headers.get("retry-after");
  return header && /^\d{1,4}$/.test(header) ? Number(header) : null;
}

/** The problem document in a body, or one made from the status if a proxy answered. */
export function readProblem(response: Response, body: string): Problem {
  const fallback: Problem = {
    type: "about:blank",
    title: response.statusText || "HTTP error",
    status: response.status,
  };
  if (!response.headers.get("content-type")?.includes("json")) return fallback;
  try {
    return { ...fallback, ...(JSON.parse(body) as Partial<Problem>), status: response.status };
  } catch {
    return fallback;
  }
}

export function isProblem(error: unknown, type: ProblemType): error is ProblemError {
  return error instanceof ProblemError && error.problem.type === type;
}

export function isAbort(error: unknown): boolean {
  return error instanceof Object && "name" in error && error.name === "AbortError";
}
