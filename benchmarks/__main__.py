"""Run the benchmarks, print their figures and write them to `docs/`."""

import os
import platform
from pathlib import Path

from benchmarks import core, quality

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = DOCS / "benchmarks.md"
SEARCH = DOCS / "search.md"
BEGIN, END = "<!-- quality -->", "<!-- /quality -->"

if __name__ == "__main__":
    rows = core.run()
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`, which runs the real command in processes of its own. Medians.",
        f"This run: {os.cpu_count()} cores, Python {platform.python_version()},",
        f"{platform.system()} {platform.machine()}.",
        "",
        "| what | measured |",
        "|---|---|",
        *(f"| {what} | {figure} |" for what, figure in rows),
    ]
    text = "\n".join(lines) + "\n"
    PAGE.write_text(text)
    print(text)

    table = "\n".join(quality.run())
    before, _, rest = SEARCH.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    SEARCH.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")
    print(table)
