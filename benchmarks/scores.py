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
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.server import Server, environment, serving
from tests.browser.conftest import ARGUMENTS, INSTALLED

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements/lighthouse"
TOOL = ROOT / ".tools/lighthouse"
NODE = ROOT / ".tools/bin"
RUNS = 3
PHONE = 400
"""Lighthouse's benchmark index of a phone: what its usual slowdown by 4 makes of a good desktop."""
CATEGORIES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
ADDRESSES = ["/", "/?q=love", "/library", "/read/{book}", "/traces"]


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


def _visit(url: str, browser: str, slowdown: float) -> dict[str, Any]:
    """Return Lighthouse's report of one visit with a processor that many times slower."""
    command: list[str | Path] = [
        NODE / "node",
        TOOL / "node_modules/lighthouse/cli/index.js",
        url,
        "--quiet",
        "--output=json",
        "--no-enable-error-reporting",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--throttling.cpuSlowdownMultiplier={slowdown:.2f}",
        f"--chrome-flags={' '.join(['--headless', *ARGUMENTS])}",
    ]
    env = _environment() | {"CHROME_PATH": browser}
    return dict(json.loads(subprocess.check_output(command, env=env)))


def _scores(url: str, browser: str, slowdown: float) -> dict[str, float]:
    """Return the scores of one visit, of 100, and print what costs points."""
    report = _visit(url, browser, slowdown)
    for category in CATEGORIES:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"{url} {category}: {audit['id']} {audit.get('displayValue', '')}")
    return {name: report["categories"][name]["score"] * 100 for name in CATEGORIES}


def _addresses(server: Server) -> list[str]:
    """Return what is visited: among it the longest book, and a list of traces that has some."""
    books = server.get("/books")["books"]
    longest = max(books, key=lambda book: book["word_count"])
    for query in ("love", "whale", "sea"):
        server.get("/search", q=query)
    return [address.format(book=longest["id"]) for address in ADDRESSES]


def run() -> list[str]:
    """Visit each page some times, and return the table of the medians.

    The slowdown is such that every machine stands for the same phone, as Lighthouse advises:
    https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md
    """
    _install()
    browser = _chromium()
    table = [
        f"| page | {' | '.join(CATEGORIES.values())} |",
        f"|---|{'---|' * len(CATEGORIES)}",
    ]
    with tempfile.TemporaryDirectory() as folder, serving(environment(Path(folder))) as server:
        addresses = _addresses(server)
        visits = [_visit(server.url, browser, slowdown=4) for _ in range(RUNS)]
        index = statistics.median(visit["environment"]["benchmarkIndex"] for visit in visits)
        slowdown = max(index / PHONE, 1)
        for address in addresses:
            runs = [_scores(server.url + address, browser, slowdown) for _ in range(RUNS)]
            scores = [
                f"{statistics.median(each[name] for each in runs):.0f}" for name in CATEGORIES
            ]
            table.append(f"| `{address}` | {' | '.join(scores)} |")
    return [
        *table,
        "",
        f"Lighthouse's benchmark index of the machine was {index:,.0f},",
        f"and its processor was slowed down by {slowdown:.1f}.",
    ]
