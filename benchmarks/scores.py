"""Lighthouse's scores for the page on a phone, throttled as Lighthouse does by default.

Lighthouse has a lock of its own: among the page's development tools it would bring
binaries for other platforms, which `npm ci` does not find. It is installed into `.tools/`.
"""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.server import Server, environment, serving
from tests.browser.conftest import ARGUMENTS, INSTALLED

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements/lighthouse"
TOOL = ROOT / ".tools/lighthouse"
NODE = ROOT / ".tools/bin"
RUNS = 3
CATEGORIES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
ADDRESSES = ["/", "/?q=love", "/library", "/read/{book}", "/traces"]
# What Lighthouse does by default makes a fast desktop (a benchmark index of 1,500 and more) a phone
# of the middle class. For machines below its own mark for slow ones its documentation says twice
# (docs/throttling.md, "Calibrating the CPU slowdown").
SLOWDOWN = 4
SLOW_MACHINE = 1_000
SLOWDOWN_OF_SLOW_MACHINE = 2
RAW = ("performance", SLOWDOWN)


def _install() -> None:
    """Install what the lock names, unless that is there."""
    wanted, installed = (folder / "package-lock.json" for folder in (LOCK, TOOL))
    done = TOOL / "node_modules/.package-lock.json"
    if done.is_file() and wanted.read_text() == installed.read_text():
        return
    shutil.rmtree(TOOL, ignore_errors=True)
    shutil.copytree(LOCK, TOOL)
    options = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run([NODE / "npm", "ci", *options], cwd=TOOL, env=_environment(), check=True)


def _environment() -> dict[str, str]:
    return os.environ | {"PATH": f"{NODE}{os.pathsep}{os.environ['PATH']}"}


def _chromium() -> str:
    """Return the browser that the tests use."""
    if found := next(filter(None, map(shutil.which, INSTALLED)), None):
        return found
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _report(url: str, browser: str, slowdown: int) -> tuple[dict[str, float], float]:
    """Return the scores of one visit, of 100, and how fast the machine is in Lighthouse's eyes.

    Prints what costs points.
    """
    command = [
        NODE / "node",
        TOOL / "node_modules/lighthouse/cli/index.js",
        url,
        "--quiet",
        "--output=json",
        "--no-enable-error-reporting",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--throttling.cpuSlowdownMultiplier={slowdown}",
        f"--chrome-flags={' '.join(['--headless', *ARGUMENTS])}",
    ]
    env = _environment() | {"CHROME_PATH": browser}
    report = json.loads(subprocess.check_output(command, env=env))
    for category in CATEGORIES:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"{url} {category}: {audit['id']} {audit.get('displayValue', '')}")
    scores = {name: report["categories"][name]["score"] * 100 for name in CATEGORIES}
    return scores, report["environment"]["benchmarkIndex"]


def _addresses(server: Server) -> list[str]:
    """Return what is visited: among it the longest book, and a list of traces that has some."""
    books = server.get("/books")["books"]
    longest = max(books, key=lambda book: book["word_count"])
    for query in ("love", "whale", "sea"):
        server.get("/search", q=query)
    return [address.format(book=longest["id"]) for address in ADDRESSES]


def run() -> list[str]:
    """Visit each page some times, and return the table of the medians."""
    _install()
    browser = _chromium()
    measured: dict[tuple[str, int], list[dict[str, float]]] = {}
    indexes = []
    with tempfile.TemporaryDirectory() as folder, serving(environment(Path(folder))) as server:
        addresses = _addresses(server)
        for address in addresses:
            for slowdown in (SLOWDOWN, SLOWDOWN_OF_SLOW_MACHINE):
                for _ in range(RUNS):
                    scores, index = _report(server.url + address, browser, slowdown)
                    measured.setdefault((address, slowdown), []).append(scores)
                    indexes.append(index)
    index = statistics.median(indexes)
    calibrated = SLOWDOWN if index > SLOW_MACHINE else SLOWDOWN_OF_SLOW_MACHINE
    lines = [
        f"Lighthouse's benchmark index of this machine: {index:.0f}. What it calls calibrated is "
        f"a CPU slowed down {calibrated} times.",
        "",
        f"| page | {' | '.join(CATEGORIES.values())} | performance, slowed down {SLOWDOWN} times |",
        f"|---|{'---|' * len(CATEGORIES)}---|",
    ]
    for address in addresses:
        shown = [
            statistics.median(run[name] for run in measured[address, slowdown])
            for name, slowdown in [*((name, calibrated) for name in CATEGORIES), RAW]
        ]
        lines.append(f"| `{address}` | {' | '.join(f'{score:.0f}' for score in shown)} |")
    return lines
