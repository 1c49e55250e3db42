"""The page in a real Chromium: a search, the opening of a large trace, and a first visit."""

import json
import re
import secrets
import statistics
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.growth import QUERIES
from benchmarks.server import Server, environment, serving
from tests.browser.conftest import chromium

SEARCHES = 60
FIRST_SEARCHES = 15
WARM_UP = 10
SPANS = 5_000
BATCH = 1_000
OPENINGS = 7

HEAD = ["| what | measured | to be kept |", "|---|---|---|"]

# From the click until the frame after the one in which rows of the waterfall are there.
OPENED = """() => new Promise((resolve) => {
    let clicked;
    addEventListener("click", (event) => { clicked = event.timeStamp; }, { capture: true });
    new MutationObserver((_, observer) => {
        if (!document.querySelector("[role='treegrid'] [role='row'][aria-level]")) return;
        observer.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(
            () => resolve(performance.now() - clicked)));
    }).observe(document.body, { childList: true, subtree: true });
    document.querySelector("a[href='/traces/TRACE']").click();
})"""


def _search(page: Page, server: Server, query: str) -> float:
    """Search by the Enter key; return the length of `frontend_search` in milliseconds."""
    page.get_by_role("searchbox").first.fill(query)
    with page.expect_response(re.compile(r"/search\?")) as answered:
        page.keyboard.press("Enter")
    trace_id = answered.value.json()["trace_id"]
    # Until the trace has come the page still works on the search, which the next would feel.
    page.locator(f"[data-trace-id='{trace_id}'] [aria-expanded]").first.wait_for()
    return _length(server, trace_id)


def _length(server: Server, trace_id: str) -> float:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            (trace,) = server.get(f"/api/traces/{trace_id}")["data"]
        except urllib.error.HTTPError:
            trace = {"spans": []}
        for span in trace["spans"]:
            if span["operationName"] == "frontend_search":
                return float(span["duration"]) / 1000
        time.sleep(0.05)
    raise RuntimeError(f"the page's spans of trace {trace_id} have not arrived")


def _searches(browser: Browser, server: Server) -> tuple[list[float], list[float]]:
    """Return the lengths of first searches of fresh pages, and of later ones in one page."""
    step = len(QUERIES) // SEARCHES
    queries = QUERIES[::step][:SEARCHES]
    page = browser.new_page(base_url=server.url)
    page.goto("/")
    for query in queries[:WARM_UP]:
        _search(page, server, query)
    later = [_search(page, server, query) for query in queries]
    page.close()
    first = []
    for query in queries[:FIRST_SEARCHES]:
        page = browser.new_page(base_url=server.url)
        page.goto("/", wait_until="networkidle")
        first.append(_search(page, server, query))
        page.close()
    return first, later


def _spans(trace_id: str) -> Iterator[dict[str, object]]:
    """Yield the spans of a service that calls others: a tree, each with up to ten children."""
    ids = [secrets.token_hex(8) for _ in range(SPANS)]
    began = time.time_ns()
    for number, span_id in enumerate(ids):
        parent = {"parentSpanId": ids[(number - 1) // 10]} if number else {}
        start = began + number * 10**6
        yield {
            **parent,
            "traceId": trace_id,
            "spanId": span_id,
            "name": f"step {number}",
            "kind": 1,
            "startTimeUnixNano": str(start),
            "endTimeUnixNano": str(start + (SPANS - number) * 10**6),
            "attributes": [{"key": "step.number", "value": {"intValue": str(number)}}],
        }


def _post_trace(server: Server) -> str:
    """Send a large trace by OTLP, as many spans at once as a program would; return its id."""
    trace_id = secrets.token_hex(16)
    spans = list(_spans(trace_id))
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "steps"}}]}
    for start in range(0, SPANS, BATCH):
        scope = {"scope": {"name": "benchmark"}, "spans": spans[start : start + BATCH]}
        body = {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}
        request = urllib.request.Request(
            f"{server.url}/v1/traces",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request).close()
    while len(server.get(f"/api/traces/{trace_id}")["data"][0]["spans"]) < SPANS:
        time.sleep(0.1)
    return trace_id


def _openings(browser: Browser, server: Server) -> list[float]:
    """Return how long a large trace takes from the click on it to its waterfall."""
    trace_id = _post_trace(server)
    times = []
    for _ in range(OPENINGS):
        page = browser.new_page(base_url=server.url)
        page.goto("/traces", wait_until="networkidle")
        page.locator(f"a[href='/traces/{trace_id}']").first.wait_for()
        times.append(float(page.evaluate(OPENED.replace("TRACE", trace_id))))
        page.close()
    return times


def first_visit(browser: Browser, url: str) -> set[str]:
    """Return what a first visit fetches."""
    page = browser.new_page(base_url=url)
    fetched: set[str] = set()
    page.on("request", lambda request: fetched.add(request.url))
    page.goto("/", wait_until="networkidle")
    page.close()
    return fetched


def _bytes(urls: set[str], coding: str) -> float:
    """Return the compressed size of the bodies, in kB."""
    total = 0
    for url in urls:
        asked = urllib.request.Request(url, headers={"Accept-Encoding": coding})
        with urllib.request.urlopen(asked) as answer:
            total += len(answer.read())
    return total / 1000


def _row(what: str, times: list[float], bound: str) -> str:
    p95 = sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]
    figures = f"{statistics.median(times):.0f} ms median, {p95:.0f} ms p95 ({len(times)})"
    return f"| {what} | {figures} | {bound} |"


def run() -> list[str]:
    """Measure, and return the table."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(environment(Path(folder))) as server,
        chromium() as browser,
    ):
        urls = first_visit(browser, server.url)
        first, later = _searches(browser, server)
        openings = _openings(browser, server)
        sizes = [f"{_bytes(urls, coding):.1f} kB {coding}" for coding in ("gzip", "br")]
    return [
        *HEAD,
        _row("search, from Enter to painted results", later, "60 ms"),
        _row("the same, the first search of a fresh page", first, ""),
        _row(f"trace of {SPANS:,} spans, from the click to its waterfall", openings, "400 ms"),
        f"| first visit, {len(urls)} requests | {', '.join(sizes)} | 60 kB |",
    ]
