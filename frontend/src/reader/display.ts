import { storedValue } from "../local-storage";

/** Text sizes, as factors of the default size. */
export const SCALES = [0.85, 1, 1.15, 1.35, 1.6] as const;

export const MEASURES = ["narrow", "medium", "wide"] as const;
export type Measure = (typeof MEASURES)[number];

export const FACES = ["serif", "sans"] as const;
export type Face = (typeof FACES)[number];

/** The display settings of all books. */
export interface Display {
  /** An index of `SCALES`. */
  size: number;
  /** The line length. */
  measure: Measure;
  face: Face;
}

const store = storedValue("display");

/** The settings chosen on an earlier visit, or the defaults. */
export function chosenDisplay(): Display {
  const params = new URLSearchParams(store.read() ?? "");
  const size = SCALES.findIndex((_, index) => String(index) === params.get("size"));
  return {
    size: size < 0 ? 1 : size,
    measure: MEASURES.find((known) => known === params.get("measure")) ?? "medium",
    face: FACES.find((known) => known === params.get("face")) ?? "serif",
  };
}

export function keepDisplay({ size, measure, face }: Display): void {
  store.write(String(new URLSearchParams({ size: String(size), measure, face })));
}
