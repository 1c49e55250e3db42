import type { paths } from "./description";

interface Get<Query, Body> {
  get: {
    parameters: { query?: Query };
    responses: { 200: { content: { "application/json": Body } } };
  };
}

/** What the API answers to a GET of a path. */
export type Answer<Path extends keyof paths> =
  paths[Path] extends Get<infer _, infer Body> ? Body : never;

/** What a GET of a path can be asked. What is not asked for is left out, and never null. */
export type Query<Path extends keyof paths> =
  paths[Path] extends Get<infer Asked, infer _>
    ? { [Name in keyof Asked]: NonNullable<Asked[Name]> }
    : never;

/** An address of the API with its query. */
export function apiUrl(path: string, query: object): URL {
  const url = new URL(path, window.location.href);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
}
