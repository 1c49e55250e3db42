"""What Datadog gets of our metrics: read at an intake of our own, behind the real Collector."""

import gzip
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import client_of
from tests.datadog.conftest import SHIPPED
from tests.datadog.names import Names
from tests.peers.collector.running import collector
from tests.waiting import wait_until

pytestmark = pytest.mark.peers

_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "": bytes,
    "identity": bytes,
}
# What does not happen here: no page sends spans, and no span or search is dropped.
LATER = {"telemetry.spans.received", "telemetry.spans.dropped", "search.dropped"}
# What the Collector tells of itself.
COLLECTORS = ("otel.datadog_exporter.", "datadog.")
# What a gateway adds, so that the numbers of several processes are told apart.
RESOURCE = ("service.", "deployment.", "telemetry.sdk.")

_KINDS = {1: "count", 3: "gauge"}
# Numbers of the fields in Datadog's messages MetricSeries and Sketch.
_NAME, _TAGS, _KIND = {"series": 2, "sketches": 1}, {"series": 3, "sketches": 4}, 5


@dataclass
class Arrived:
    kind: str
    tags: set[str]


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the fields of a protobuf message: their numbers, and numbers or bytes."""

    def varint(place: int) -> tuple[int, int]:
        value = shift = 0
        while True:
            byte = message[place]
            value |= (byte & 0x7F) << shift
            place, shift = place + 1, shift + 7
            if byte < 0x80:
                return value, place

    place = 0
    while place < len(message):
        tag, place = varint(place)
        size = {1: 8, 5: 4}.get(tag & 7)
        if tag & 7 == 0:
            value, place = varint(place)
            yield tag >> 3, value
            continue
        if size is None:
            size, place = varint(place)
        yield tag >> 3, message[place : place + size]
        place += size


def _read(form: str, body: bytes) -> Iterator[tuple[str, Arrived]]:
    """Yield the metrics of a payload."""
    for number, entry in _fields(body):
        if number != 1 or not isinstance(entry, bytes):
            continue
        fields = list(_fields(entry))
        [name] = [value for n, value in fields if n == _NAME[form] and isinstance(value, bytes)]
        tags = {
            value.decode().partition(":")[0]
            for n, value in fields
            if n == _TAGS[form] and isinstance(value, bytes)
        }
        kind = next((v for n, v in fields if n == _KIND and isinstance(v, int)), 0)
        arrived = "distribution" if form == "sketches" else _KINDS[kind]
        yield name.decode(), Arrived(arrived, tags)


@contextmanager
def _intake() -> Iterator[tuple[str, dict[str, Arrived]]]:
    """Yield an intake's address, and the metrics that have arrived there."""
    found: dict[str, Arrived] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(b'{"valid": true}')

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            form = {"/api/v2/series": "series", "/api/beta/sketches": "sketches"}.get(self.path)
            if form:
                body = _UNPACK[self.headers.get("Content-Encoding", "")](body)
                for name, arrived in _read(form, body):
                    before = found.setdefault(name, arrived)
                    before.tags |= arrived.tags
            self.answer(b"{}")

        def answer(self, body: bytes) -> None:
            self.send_response(202)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", found
        finally:
            server.shutdown()


def test_datadog_gets_our_metrics_by_the_names_that_queries_use(
    tmp_path: Path, unindexed_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = {
        name: metric
        for name, metric in Names.of(SHIPPED).metrics.items()
        if not name.startswith(("trace.", "kubernetes."))
    }
    with _intake() as (url, arrived):
        there = {signal: {"endpoint": url} for signal in ("traces", "metrics", "logs")}
        change: dict[str, object] = {"exporters": {"datadog": there}}
        with collector(tmp_path / "collector", "gateway.yaml", change=change) as running:
            monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", running.url)
            monkeypatch.setenv("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta")
            monkeypatch.setenv("OTEL_METRIC_EXPORT_INTERVAL", "500")
            monkeypatch.setenv("OTEL_LOGS_EXPORTER", "none")
            monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=production")
            backend = Backend.open(unindexed_settings.model_copy(update={"trace_store": "on"}))
            with client_of(backend) as client:

                def search_until_all_have_arrived() -> bool:
                    for method in ("bm25", "tfidf"):
                        client.get(f"/search?q=love&method={method}").raise_for_status()
                    return expected.keys() <= arrived.keys() | LATER

                with suppress(AssertionError):
                    wait_until(search_until_all_have_arrived)
    assert not expected.keys() - arrived.keys() - LATER
    for name, told in arrived.items():
        if name.startswith(COLLECTORS):
            continue
        assert name in expected, f"{name} arrives, which no query could name"
        assert told.kind == expected[name].kind, name
        of_resource = {tag for tag in told.tags if tag.startswith(RESOURCE)}
        assert told.tags - of_resource <= expected[name].tags, name
        assert {"service", "env", "version", "service.instance.id"} <= told.tags, name
