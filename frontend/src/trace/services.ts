const FIXED = ["search-frontend", "search-backend"];
const COLOURS = 6;

/** The same service has the same colour on every page. */
export function serviceColour(service: string): string {
  const fixed = FIXED.indexOf(service);
  return `var(--service-${fixed >= 0 ? fixed : FIXED.length + hash(service)})`;
}

function hash(text: string): number {
  let value = 0;
  for (const char of text) value = (value * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return value % (COLOURS - FIXED.length);
}
