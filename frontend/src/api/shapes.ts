import type { paths } from "./description";

interface Get<Query, Body> {
  get: {
    parameters: { query?: Query };
    responses: { 200: { content: { "application/json": Body } } };
  };
}

/** The response body of a GET of a path. */
export type Answer<Path extends keyof paths> =
  paths[Path] extends Get<infer _, infer Body> ? Body : never;

/** The query parameters of a GET of a path. A parameter that is not set is left out, never null. */
export type Query<Path extends keyof paths> =
  paths[Path] extends Get<infer Asked, infer _>
    ? { [Name in keyof Asked]: NonNullable<Asked[Name]> }
    : never;

/** A URL of the API with its query parameters. */
export function apiUrl(path: string, query: object): URL {
  const url = new URL(path, window.location.href);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
}
