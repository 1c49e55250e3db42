const FIXED = ["search-frontend", "search-backend"];
const COLOURS = 6;

/** The colour of a service, the same on every page. */
export function serviceColour(service: string): string {
  return `var(--service-${slotOf(service)})`;
}

/**
 * Colours for services that are shown together, in their order. Two services share a colour only
 * when there are more services than colours. Each keeps its own colour where that is free.
 */
export function serviceColours(services: Iterable<string>): Map<string, string> {
  const names = Array.from(services);
  const slots = new Map<string, number>();
  const free = Array.from({ length: COLOURS }, (_, slot) => slot);
  const take = (service: string, slot: number) => {
    slots.set(service, slot);
    if (free.includes(slot)) free.splice(free.indexOf(slot), 1);
  };
  // Sorted, so that the colours do not depend on the order of the spans.
  for (const service of names.toSorted()) {
    if (free.includes(slotOf(service))) take(service, slotOf(service));
  }
  for (const service of names.toSorted()) {
    // From the end: the first colours are reserved for our own services.
    if (!slots.has(service)) take(service, free.at(-1) ?? slotOf(service));
  }
  return new Map(names.map((service) => [service, `var(--service-${slots.get(service)})`]));
}

/** Whether there are more services than colours, so that some share one. */
export function shareColours(colours: ReadonlyMap<string, string>): boolean {
  return colours.size > COLOURS;
}

function slotOf(service: string): number {
  const fixed = FIXED.indexOf(service);
  return fixed >= 0 ? fixed : FIXED.length + hash(service);
}

function hash(text: string): number {
  let value = 0;
  for (const char of text) value = (value * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return value % (COLOURS - FIXED.length);
}
