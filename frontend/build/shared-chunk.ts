interface Graph {
  getModuleInfo(id: string): { isEntry: boolean; importers: string[] } | null;
}

/**
 * What several parts of the page share: one chunk for what the first visit needs of it, and one for
 * the rest. By default each set of parts that share something makes a chunk of its own, and a phone
 * waits a round trip for every six of a dozen small files.
 */
export const sharedChunk = {
  name(id: string, graph: Graph) {
    if (isOfFirstVisit(id, graph)) return "first-visit";
    return id.includes("/src/") ? "shared" : null;
  },
  minShareCount: 3,
  includeDependenciesRecursively: false,
};

/** Whether the page's entry imports a module, directly or not, before anything is asked for. */
function isOfFirstVisit(id: string, graph: Graph, seen = new Set<string>()): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  const module = graph.getModuleInfo(id);
  if (!module) return false;
  return module.isEntry || module.importers.some((each) => isOfFirstVisit(each, graph, seen));
}
