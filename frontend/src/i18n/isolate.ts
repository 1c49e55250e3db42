const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Characters that set a direction. A text may leave them open. */
const CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";

/**
 * Makes a foreign text safe to insert into a string, so that neither changes the direction of the
 * other. Elements use `<bdi>` for this.
 */
export function isolated(text: string): string {
  const bare = text.replace(CONTROLS, "");
  return RIGHT_TO_LEFT.test(bare) ? `${FIRST_STRONG_ISOLATE}${bare}${POP_ISOLATE}` : bare;
}
