"""Check imports from namespace packages, which `deptry` knows only by their first name.

`opentelemetry` and `google` each hold modules of several distributions. Every import from them must
be of a declared distribution, and every declared distribution must be imported.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import distribution, packages_distributions
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "src"
OTHERS = ("tests", "scripts", "benchmarks")

_NAME = re.compile(r"[\w.-]+")
_MODULES = {".py", ".so", ".pyd"}


class Import(NamedTuple):
    """A module or an object of one that a file imports, and the line."""

    file: Path
    line: int
    name: str


class Declared(NamedTuple):
    """The distributions that pyproject.toml declares, and those that need no import."""

    package: set[str]
    dev: set[str]
    not_imported: set[str]

    @classmethod
    def read(cls, project: Mapping[str, Any]) -> "Declared":
        """Return what is declared in pyproject.toml, read as `project`."""
        extras = project["project"].get("optional-dependencies", {}).values()
        runtime = [
            *project["project"]["dependencies"],
            *(each for extra in extras for each in extra),
        ]
        dev = project["dependency-groups"]["dev"]
        ignored = project["tool"]["deptry"]["per_rule_ignores"]["DEP002"]
        return cls(_names(runtime), _names(dev), _names(ignored))


def _names(requirements: list[str]) -> set[str]:
    found = (_NAME.match(requirement) for requirement in requirements)
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found if match}


def owners(first_party: set[str]) -> dict[str, str]:
    """Return the distribution of each installed module of a namespace package."""
    found = {}
    for top, names in packages_distributions().items():
        if len(set(names)) == 1 or top in first_party:
            continue
        for name in set(names):
            for file in distribution(name).files or ():
                if file.parts[0] == top and file.suffix in _MODULES:
                    parts = [*file.parts[:-1], file.name.split(".")[0]]
                    found[".".join(parts).removesuffix(".__init__")] = name
    return found


def imports(folder: Path) -> Iterator[Import]:
    """Yield what the Python files below `folder` import, wherever in them."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes(), file)):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            for name in names:
                yield Import(file, node.lineno, name)


def _owner(name: str, known: Mapping[str, str]) -> str | None:
    """Return the distribution of the innermost module that `name` begins with."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return known.get(name)


def problems(root: Path, project: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each undeclared import and each unused distribution."""
    declared = Declared.read(project)
    known = owners(set(project["tool"]["deptry"]["known_first_party"]))
    namespaces = {module.split(".")[0] for module in known}
    owned = {
        folder: [
            (each, _owner(each.name, known))
            for each in imports(root / folder)
            if each.name.split(".")[0] in namespaces
        ]
        for folder in (PACKAGE, *OTHERS)
    }
    for folder, found in owned.items():
        allowed = declared.package if folder == PACKAGE else declared.package | declared.dev
        for each, owner in found:
            if owner not in allowed:
                place = f"{each.file.relative_to(root)}:{each.line}"
                yield f"{place}: {each.name} is from {owner or 'no package'}, which is not declared"
    used = {folder: {owner for _, owner in found} for folder, found in owned.items()}
    unused = (declared.package - used[PACKAGE]) | (declared.dev - set().union(*used.values()))
    for name in sorted(unused & set(known.values()) - declared.not_imported):
        yield f"pyproject.toml: {name} is declared and never imported"


def main() -> None:
    """Print the problems, and exit with 1 where there are some."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = list(problems(ROOT, project))
    print("\n".join(found) or "Namespace packages: every import is declared, and used.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
