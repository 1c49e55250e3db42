/**
 * Finds the cycles among parent ids. Each cycle is the list of its span ids, every one followed by
 * its parent. A span that is its own parent is a cycle of one.
 */
export function findCycles(parentIds: ReadonlyMap<string, string>): string[][] {
  const cycles: string[][] = [];
  const reachedFrom = new Map<string, string>();
  for (const start of parentIds.keys()) {
    let id: string | undefined = start;
    while (id !== undefined && !reachedFrom.has(id)) {
      reachedFrom.set(id, start);
      id = parentIds.get(id);
    }
    // A cycle only if this id was reached from this start, and not on an earlier walk.
    if (id === undefined || reachedFrom.get(id) !== start) continue;
    const cycle = [id];
    for (let next = parentIds.get(id); next && next !== id; next = parentIds.get(next)) {
      cycle.push(next);
    }
    cycles.push(cycle);
  }
  return cycles;
}
