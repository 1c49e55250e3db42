/** Whether the server recorded its part of a trace, by its `traceresponse`; if it says so. */
export function serverSampled(response: Response): boolean | undefined {
  const flags = /-([0-9a-f]{2})$/.exec(response.headers.get("traceresponse") ?? "")?.[1];
  return flags === undefined ? undefined : (Number.parseInt(flags, 16) & 1) === 1;
}
