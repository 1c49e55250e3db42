"""What the telemetry of a search weighs: spans, bytes of OTLP, and lines of the log.

Searches are made by callers of the API, and by the real page in Chromium, whose own spans the
backend passes on.
"""

import json
import shutil
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from opentelemetry.proto.trace.v1.trace_pb2 import Span
from playwright.sync_api import sync_playwright

from benchmarks.load import QUERIES
from benchmarks.recorder import Recorder, recording
from benchmarks.server import Server, environment, serving

METHODS = ("bm25", "tfidf")
RATES = (0.1, 1.0, 10.0)
_MONTH = 30 * 24 * 3600
# A span within its batch: a byte of tag and two of length.
_FRAME = 3
# Until the page has sent its spans and the server has handed them on (s).
_SETTLED = 8.0


@dataclass(frozen=True)
class Weight:
    """What one search weighs on average: spans, their bytes, and the bytes of its log line."""

    spans: float
    bytes: float
    log: float

    def row(self, who: str) -> str:
        """Return a line of the table."""
        return f"| {who} | {self.spans:.1f} | {self.bytes:,.0f} | {self.log:,.0f} |"


def _by_callers(server: Server, method: str) -> None:
    for query in QUERIES:
        server.get("/search", q=query, method=method)


def _by_readers(server: Server, method: str) -> None:
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(base_url=server.url)
        for query in QUERIES:
            page.goto(f"/?q={query}&method={method}")
            page.locator("main[data-search-state='done']").wait_for()
        time.sleep(_SETTLED)
        browser.close()


def _traces(recorder: Recorder) -> dict[bytes, list[Span]]:
    """Return the traces of searches that arrived."""
    traces: dict[bytes, list[Span]] = defaultdict(list)
    for received in recorder.received():
        for span in received.spans():
            traces[span.trace_id].append(span)
    return {
        trace: spans
        for trace, spans in traces.items()
        if any(span.name == "search_api" for span in spans)
    }


def _weighed(method: str, by_readers: bool) -> Weight:
    with tempfile.TemporaryDirectory() as name, recording(Path(name)) as recorder:
        env = environment(
            Path(name) / "data",
            OTEL_EXPORTER_OTLP_ENDPOINT=recorder.url,
            OTEL_METRICS_EXPORTER="none",
            OTEL_LOGS_EXPORTER="none",
            GUTENBERG_EXPLORER_LOG_FORMAT="json",
            GUTENBERG_EXPLORER_LOG_DATADOG="on",
        )
        log = Path(name) / "log"
        with log.open("wb") as output, serving(env, output=output) as server:
            (_by_readers if by_readers else _by_callers)(server, method)
            time.sleep(1)
        traces = _traces(recorder)
        if len(traces) != len(QUERIES):
            raise RuntimeError(f"{len(QUERIES)} searches, and {len(traces)} traces arrived")
        spans = [span for trace in traces.values() for span in trace]
        lines = [
            line
            for line in log.read_bytes().splitlines()
            if "/search" in json.loads(line)["message"]
        ]
        return Weight(
            len(spans) / len(traces),
            sum(span.ByteSize() + _FRAME for span in spans) / len(traces),
            sum(len(line) + 1 for line in lines) / len(traces),
        )


def run() -> list[str]:
    """Return two tables: the weight of a search, and a month of searches."""
    rows = [
        "| a search | spans | bytes of spans | bytes of its log line |",
        "|---|---|---|---|",
    ]
    heaviest = Weight(0, 0, 0)
    for method in METHODS:
        for by_readers in (False, True):
            weight = _weighed(method, by_readers)
            rows.append(weight.row(f"`{method}`, by {'the page' if by_readers else 'the API'}"))
            heaviest = max(heaviest, weight, key=lambda each: each.bytes)
    rows += [
        "",
        "| searches a second | searches and log lines a month | spans | GB of spans | GB of logs |",
        "|---|---|---|---|---|",
    ]
    for rate in RATES:
        searches = rate * _MONTH
        rows.append(
            f"| {rate:g} | {searches / 1e6:.2f} million | {searches * heaviest.spans / 1e6:,.0f} "
            f"million | {searches * heaviest.bytes / 1e9:,.1f} | "
            f"{searches * heaviest.log / 1e9:,.2f} |"
        )
    return rows
