import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));
const GUIDE = readFileSync(new URL("../../CONTRIBUTING.md", import.meta.url), "utf8");
const IMPORT = /^import (type )?[^;]*?"(\.[^"]+)";|import\("(\.[^"]+)"\)/gm;

/** The rows of the guide's map: the folder, and the text of its last column. */
const ROWS = Array.from(GUIDE.matchAll(/^\| `([\w-]+)\/` \|.*\| ([^|]*) \|$/gm), (row) => ({
  folder: row[1] ?? "",
  text: row[2] ?? "",
}));

function allowed(at: number): { all: string[]; types: string[] } {
  const text = ROWS[at]?.text ?? "";
  const above = ROWS.slice(0, at).map(({ folder }) => folder);
  const named = (pattern: RegExp) => Array.from(text.matchAll(pattern), ([, name = ""]) => name);
  const types = named(/types of `([\w-]+)\/`/g);
  const all = named(/(?<!types of )`([\w-]+)\/`/g);
  return { all: text === "all of the above" ? above : all, types };
}

function imports(folder: string): { from: string; to: string; isType: boolean }[] {
  const files = readdirSync(join(SRC, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const from = join(SRC, folder, file);
      return Array.from(readFileSync(from, "utf8").matchAll(IMPORT), (found) => ({
        from: relative(SRC, from),
        to: relative(SRC, join(dirname(from), found[2] ?? found[3] ?? "")),
        isType: found[1] !== undefined,
      }));
    })
    .filter(({ to }) => !to.endsWith(".css") && to.includes("/") && !to.startsWith(`${folder}/`));
}

test("CONTRIBUTING maps every folder", () => {
  const folders = readdirSync(SRC, { withFileTypes: true }).filter((each) => each.isDirectory());
  expect(ROWS.map(({ folder }) => folder).sort()).toEqual(folders.map(({ name }) => name).sort());
});

test.each(ROWS.map(({ folder }, at) => [folder, at] as const))(
  "%s/ imports only what the map in CONTRIBUTING allows",
  (folder, at) => {
    const { all, types } = allowed(at);
    const forbidden = imports(folder).filter(({ to, isType }) => {
      const target = to.split("/")[0] ?? "";
      return !all.includes(target) && !(isType && types.includes(target));
    });
    expect(forbidden).toEqual([]);
  },
);
