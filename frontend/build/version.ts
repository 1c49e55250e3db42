import { readFileSync } from "node:fs";

const SOURCE = new URL("../../src/gutenberg_explorer/_version.py", import.meta.url);

/** Reads the version of the system from the Python package, the one place that holds it. */
export function systemVersion(): string {
  const version = /__version__ = "([^"]+)"/.exec(readFileSync(SOURCE, "utf8"))?.[1];
  if (!version) throw new Error(`${SOURCE.pathname} holds no version`);
  return version;
}
