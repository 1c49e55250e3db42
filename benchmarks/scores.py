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
KEPT = 95


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


def _report(url: str, browser: str) -> dict[str, float]:
    """Return the scores of one visit, of 100, and print what costs points."""
    command = [
        NODE / "node",
        TOOL / "node_modules/lighthouse/cli/index.js",
        url,
        "--quiet",
        "--output=json",
        "--no-enable-error-reporting",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(['--headless', *ARGUMENTS])}",
    ]
    env = _environment() | {"CHROME_PATH": browser}
    report = json.loads(subprocess.check_output(command, env=env))
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
    """Visit each page some times, and return the table of the medians."""
    _install()
    browser = _chromium()
    lines = [
        f"| page | {' | '.join(CATEGORIES.values())} |",
        f"|---|{'---|' * len(CATEGORIES)}",
    ]
    with tempfile.TemporaryDirectory() as folder, serving(environment(Path(folder))) as server:
        for address in _addresses(server):
            runs = [_report(server.url + address, browser) for _ in range(RUNS)]
            scores = [
                f"{statistics.median(each[name] for each in runs):.0f}" for name in CATEGORIES
            ]
            lines.append(f"| `{address}` | {' | '.join(scores)} |")
    return lines
