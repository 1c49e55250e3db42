const FIXED = ["search-frontend", "search-backend"];
const COLOURS = 6;

/** The same service has the same colour on every page. */
export function serviceColour(service: string): string {
  return `var(--service-${slotOf(service)})`;
}

/**
 * Colours for services side by side, in their order: two have the same one only when there are no
 * more left. Our own keep theirs, and so do others where they can.
 */
export function serviceColours(services: Iterable<string>): Map<string, string> {
  const names = Array.from(services);
  const slots = new Map<string, number>();
  const free = Array.from({ length: COLOURS }, (_, slot) => slot);
  const take = (service: string, slot: number) => {
    slots.set(service, slot);
    if (free.includes(slot)) free.splice(free.indexOf(slot), 1);
  };
  // Sorted, so that it is the same for every trace of these services.
  for (const service of names.toSorted()) {
    if (free.includes(slotOf(service))) take(service, slotOf(service));
  }
  for (const service of names.toSorted()) {
    // The last, since the first are those of our own.
    if (!slots.has(service)) take(service, free.at(-1) ?? slotOf(service));
  }
  return new Map(names.map((service) => [service, `var(--service-${slots.get(service)})`]));
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
