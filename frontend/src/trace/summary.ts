import type { Trace } from "../api/traces";
import { extentOf } from "./layout";
import { mendSkew } from "./skew";
import { buildTree, walk } from "./tree";

export interface TraceSummary {
  traceId: string;
  root: string;
  services: { name: string; spans: number }[];
  spanCount: number;
  errorCount: number;
  /** Microseconds since 1970, and long. */
  start: number;
  duration: number;
}

export function summarise(trace: Trace): TraceSummary {
  const tree = buildTree(trace);
  mendSkew(tree);
  const services = new Map<string, number>();
  let errorCount = 0;
  for (const { span, service, error } of walk(tree.roots)) {
    if (!span) continue;
    services.set(service, (services.get(service) ?? 0) + 1);
    if (error) errorCount += 1;
  }
  const root = tree.roots.find(({ span }) => span) ?? tree.roots[0]?.children[0];
  return {
    traceId: trace.traceID,
    root: root?.name ?? "",
    services: Array.from(services, ([name, spans]) => ({ name, spans })),
    spanCount: tree.spanCount,
    errorCount,
    ...extentOf(tree),
  };
}
