/** An error that has its own `error.type`, such as an HTTP status. */
export interface TypedError {
  readonly errorType: string;
}

/** Why work was cancelled: the page was closed, or a newer search replaced it. */
export const PAGE_LEFT: TypedError = { errorType: "page_left" };
export const SUPERSEDED: TypedError = { errorType: "superseded" };

export function errorType(error: unknown): string {
  if (typeof error !== "object" || error === null) return "Error";
  if ("errorType" in error && typeof error.errorType === "string") return error.errorType;
  return "name" in error && typeof error.name === "string" ? error.name : "Error";
}
