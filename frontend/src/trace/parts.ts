export const PARTS = ["browser", "network", "server", "search"] as const;
export type Part = (typeof PARTS)[number];

export interface Split {
  total: number;
  /** Undefined where the spans that tell are not there. */
  parts: Record<Part, number | undefined>;
}
