"""What readers and operators do, done once: everything that the contract lists is exported."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page

from tests.libraries import library_of, small_books
from tests.peers.collector.running import free_port
from tests.peers.datadog.processes import running
from tests.telemetry.otlp_endpoint import Receiver, otlp_endpoint
from tests.waiting import wait_until

COMMAND = [sys.executable, "-m", "tests.peers.datadog.faulty", "serve", "--port"]
ENVIRONMENT = "production"


@dataclass
class Traffic:
    """What was exported, and what was logged as JSON."""

    exported: Receiver
    lines: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def backend(folder: Path, endpoint: str, **environment: str) -> Iterator[str]:
    """Serve three small books as in production, exporting to `endpoint`; yield the address."""
    port = free_port()
    settings = {
        "FAULT": str(folder / "fault"),
        "GUTENBERG_EXPLORER_DATA_DIR": str(folder / "data"),
        "GUTENBERG_EXPLORER_SHELF": f"directory:{folder / 'shelf'}",
        "GUTENBERG_EXPLORER_LOG_DATADOG": "on",
        "GUTENBERG_EXPLORER_LOG_FORMAT": "json",
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_RESOURCE_ATTRIBUTES": f"deployment.environment.name={ENVIRONMENT}",
    }
    if not (folder / "shelf").exists():
        small_books(folder / "shelf")
    address = f"http://127.0.0.1:{port}"
    with running([*COMMAND, str(port)], port, folder / "log", settings | environment):
        requests.get(f"{address}/readyz", timeout=60).raise_for_status()
        yield address


@dataclass
class Reader:
    """Someone at the page, whose every search is waited for until all of it is exported."""

    page: Page
    exported: Receiver

    def search(self, query: str, method: str = "bm25") -> None:
        """Search the whole library."""
        self._go(f"/?q={query}&method={method}", r"/search\?.*method=")

    def read(self, query: str) -> None:
        """Search inside a book."""
        self._go(f"/read/whale?q={query}", r"/books/whale/search\?.*limit=20")

    def _go(self, path: str, request: str) -> None:
        with self.page.expect_response(re.compile(request)) as answered:
            self.page.goto(path)
        trace = answered.value.json()["trace_id"]
        # The page's root is the last to end.
        wait_until(lambda: self._has(trace, "frontend_search"))

    def _has(self, trace: str, name: str) -> bool:
        return any(s.trace_id.hex() == trace and s.name == name for s in self.exported.spans)


def _use(address: str, reader: Reader, folder: Path) -> None:
    """Search in every way, with errors of the query and of the disk, and publish a new index."""
    reader.search("white%20whale")
    reader.search("love", "tfidf")
    reader.search("!!!")
    (folder / "fault").touch()
    reader.search("storm")
    (folder / "fault").unlink()
    reader.read("whale")
    for path in ("/books", "/books/whale", "/books/whale/text", "/books/none"):
        requests.get(address + path, timeout=10)
    library_of(f"directory:{folder / 'shelf'}", folder / "data").build()
    wait_until(lambda: any(span.name == "reload_index" for span in reader.exported.spans))


def _fail_to_start(folder: Path, endpoint: str) -> None:
    """Start without books and without an index, which ends with an error."""
    nothing = {
        "GUTENBERG_EXPLORER_SHELF": f"directory:{folder / 'nowhere'}",
        "GUTENBERG_EXPLORER_DATA_DIR": str(folder / "empty"),
    }
    with pytest.raises(RuntimeError), backend(folder / "failing", endpoint, **nothing):
        pass


def json_lines(log: Path) -> list[dict[str, Any]]:
    """Return the lines of a log that are JSON."""
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


@contextmanager
def watched(browser: Browser, address: str) -> Iterator[Page]:
    """Open a page of the app for the length of a `with` block."""
    context = browser.new_context(base_url=address, locale="en-US")
    yield context.new_page()
    context.close()


def traffic(browser: Browser, folder: Path) -> Traffic:
    """Return what the app exports: a start that builds, one that opens and is used, one that fails.

    The lines of the log are those of the second.
    """
    with otlp_endpoint() as exported:
        with backend(folder, exported.url):
            pass
        with backend(folder, exported.url) as address, watched(browser, address) as page:
            _use(address, Reader(page, exported), folder)
        _fail_to_start(folder, exported.url)
    return Traffic(exported, json_lines(folder / "log"))
