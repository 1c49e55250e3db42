"""Run the benchmarks, print their figures and write them to `docs/`."""

import argparse
import os
import platform
from pathlib import Path

from benchmarks import completeness, core, cost, growth, limits, page, quality, scores

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = DOCS / "benchmarks.md"
SEARCH = DOCS / "search.md"
TELEMETRY = DOCS / "telemetry.md"
RUNBOOKS = DOCS / "runbooks.md"
PARTS = [
    "core",
    "page",
    "lighthouse",
    "quality",
    "limits",
    "growth",
    "completeness",
    "outages",
    "cost",
]


def _table(document: Path, name: str) -> list[str]:
    """Return the lines between a document's comments of this name."""
    _, _, rest = document.read_text().partition(f"<!-- {name} -->\n")
    return rest.partition(f"<!-- /{name} -->")[0].splitlines()


def _write(document: Path, name: str, lines: list[str]) -> None:
    """Put lines between them, and print them."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _, rest = document.read_text().partition(begin)
    _, _, after = rest.partition(end)
    table = "\n".join(lines)
    document.write_text(f"{before}{begin}\n{table}\n{end}{after}")
    print(table)


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS)
    parser.add_argument(
        "--books", type=_sizes, default=growth.SIZES, help="sizes for growth, such as 18,60,5000"
    )
    parser.add_argument(
        "--searches", type=int, default=completeness.SEARCHES, help="how many, for completeness"
    )
    asked = parser.parse_args()
    if asked.part in (None, "core"):
        machine = [
            f"{os.cpu_count()} cores, Python {platform.python_version()},",
            f"{platform.system()} {platform.machine()}.",
            "",
            "| what | measured |",
            "|---|---|",
        ]
        rows = [f"| {what} | {figure} |" for what, figure in core.run()]
        _write(PAGE, "core", [*machine, *rows])
    if asked.part in (None, "page"):
        _write(PAGE, "page", page.run())
    if asked.part in (None, "lighthouse"):
        _write(PAGE, "lighthouse", scores.run())
    if asked.part in (None, "quality"):
        _write(SEARCH, "quality", quality.run())
        _write(SEARCH, "quotations", quality.quotations())
    if asked.part in (None, "limits"):
        _write(SEARCH, "limits", limits.run())
    if asked.part in (None, "growth"):
        _write(PAGE, "growth", growth.run(asked.books, _table(PAGE, "growth")))
    if asked.part in (None, "completeness"):
        _write(TELEMETRY, "completeness", completeness.completeness(asked.searches))
    if asked.part in (None, "outages"):
        _write(TELEMETRY, "outages", completeness.outages())
    if asked.part in (None, "cost"):
        _write(RUNBOOKS, "cost", cost.run())
