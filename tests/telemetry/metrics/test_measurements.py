import io
import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from threading import Thread
from types import SimpleNamespace

import pytest
from opentelemetry.proto.metrics.v1.metrics_pb2 import HistogramDataPoint
from opentelemetry.sdk.metrics import MeterProvider

from gutenberg_explorer.telemetry import (
    configure_logging,
    measured,
    record,
    span,
    start_log_export,
    start_metrics,
)
from gutenberg_explorer.telemetry.export.stats import ExportStats
from gutenberg_explorer.telemetry.logs import export as log_export_module
from tests.contract import points
from tests.telemetry.otlp_endpoint import Receiver, otlp_endpoint, resource_of
from tests.telemetry.recording import recording
from tests.waiting import wait_until

RESOURCE = {"service.name": "search-backend", "service.instance.id": "abc"}


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with otlp_endpoint() as opened:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", f"{opened.url}/v1/metrics")
        yield opened


def _bucket_of(point: HistogramDataPoint) -> tuple[float, float]:
    """Return between which bounds the only measurement of a histogram lies."""
    bounds = [float("-inf"), *point.explicit_bounds, float("inf")]
    place = list(point.bucket_counts).index(1)
    return bounds[place], bounds[place + 1]


def test_nobody_asks_and_nothing_is_imported() -> None:
    script = """
import sys
from gutenberg_explorer import telemetry
tracing = telemetry.start("1.2.3", lambda spans: None)
assert telemetry.start_metrics("1.2.3", tracing.resource, tracing.stats) is None
assert telemetry.start_log_export("1.2.3", tracing.resource) is None
telemetry.record("search.duration", 0.1, {"search.outcome": "ok"})
tracing.shutdown()
unwanted = (
    "opentelemetry.sdk.metrics", "opentelemetry.sdk._logs",
    "opentelemetry.exporter.otlp.proto.http", "prometheus_client",
)
print([name for name in sys.modules if name.startswith(unwanted)])
"""
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert printed.stdout.decode().strip() == "[]"


@pytest.mark.parametrize(
    ("variable", "value"), [("OTEL_METRICS_EXPORTER", "none"), ("OTEL_SDK_DISABLED", "true")]
)
def test_the_export_can_be_switched_off(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert start_metrics("1.2.3", RESOURCE, {}) is None


def test_a_measurement_arrives_in_its_bucket_with_its_trace(receiver: Receiver) -> None:
    meter = start_metrics("1.2.3", RESOURCE, {})
    assert meter
    with recording(), span("search_api") as opened:
        record("search.duration", 0.0023, {"search.method": "bm25", "search.outcome": "ok"})
    record("search.duration", 99.0, {"search.outcome": "error"})
    record("search.results", 0, {"search.method": "bm25"})
    meter.shutdown()
    record("search.duration", 1.0, {"search.outcome": "ok"})
    assert {resource_of(r.resource)["service.instance.id"] for r in receiver.resource_metrics} == {
        "abc"
    }
    slow, fast = sorted(points(receiver.metrics["search.duration"]), key=lambda p: -p.sum)
    assert _bucket_of(fast) == (0.001, 0.0025)
    assert _bucket_of(slow) == (10.0, float("inf"))
    (exemplar,) = fast.exemplars
    assert (exemplar.trace_id.hex(), exemplar.span_id.hex()) == opened.ids
    assert exemplar.as_double == 0.0023
    assert not slow.exemplars
    assert _bucket_of(points(receiver.metrics["search.results"])[0]) == (float("-inf"), 0.0)


def test_what_became_of_spans_is_read_when_metrics_are_collected(receiver: Receiver) -> None:
    stats = {"otlp": ExportStats(), "store": ExportStats()}
    meter = start_metrics("1.2.3", RESOURCE, stats)
    assert meter
    stats["otlp"].exported = 7
    stats["otlp"].dropped["queue_full"] = 3
    stats["store"].queued = lambda: 5
    stats["otlp"].on_export(0.02, False)
    meter.shutdown()

    def told(name: str) -> dict[tuple[str, ...], int]:
        return {
            tuple(a.value.string_value for a in point.attributes): point.as_int
            for point in points(receiver.metrics[name])
        }

    assert told("telemetry.spans.exported") == {("otlp",): 7, ("store",): 0}
    assert told("telemetry.spans.queued") == {("otlp",): 0, ("store",): 5}
    dropped = told("telemetry.spans.dropped")
    assert len(dropped) == 8
    assert {key: n for key, n in dropped.items() if n} == {("otlp", "queue_full"): 3}
    (attempt,) = points(receiver.metrics["telemetry.export.duration"])
    assert _bucket_of(attempt) == (0.01, 0.025)


def test_what_fails_is_measured_too(receiver: Receiver) -> None:
    meter = start_metrics("1.2.3", RESOURCE, {})
    assert meter
    with pytest.raises(OSError, match="full"), measured("index.build.duration"):
        raise OSError("full")
    meter.shutdown()
    (point,) = points(receiver.metrics["index.build.duration"])
    assert [(a.key, a.value.string_value) for a in point.attributes] == [("error.type", "OSError")]


def test_an_endpoint_that_is_gone_is_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_METRIC_EXPORT_INTERVAL", "10")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.01")
    configure_logging(RESOURCE, "json", "INFO", stream)
    meter = start_metrics("1.2.3", RESOURCE, {})
    assert meter
    time.sleep(0.3)  # many attempts to export
    meter.shutdown()
    loggers = [json.loads(line)["logger"] for line in stream.getvalue().splitlines()]
    assert loggers == ["opentelemetry.exporter.otlp.proto.http.metric_exporter"]


def test_an_endpoint_that_never_answers_costs_the_end_two_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float | None] = []

    class Ending(Thread):
        def join(self, timeout: float | None = None) -> None:
            waits.append(timeout)
            super().join(timeout)

    shutdown = MeterProvider.shutdown

    def recorded(provider: MeterProvider, timeout_millis: float) -> None:
        waits.append(timeout_millis / 1000)
        shutdown(provider, timeout_millis)

    monkeypatch.setattr(log_export_module, "threading", SimpleNamespace(Thread=Ending))
    monkeypatch.setattr(MeterProvider, "shutdown", recorded)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
        # Whoever waits for the endpoint waits for longer than the test may take.
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "3600")
        configure_logging(RESOURCE, "json", "INFO", io.StringIO())
        parts = start_log_export("1.2.3", RESOURCE), start_metrics("1.2.3", RESOURCE, {})
        for _ in range(1_000):
            record("search.duration", 0.1, {"search.outcome": "ok"})
            logging.getLogger("x").info("up")
        for part in parts:
            assert part
            part.shutdown()
    assert waits == [2.0, 2.0]
    # What the SDK still tries would draw random numbers in the middle of the next tests.
    sdk = [thread for thread in threading.enumerate() if thread.name.startswith("Otel")]
    wait_until(lambda: not any(thread.is_alive() for thread in sdk), "the SDK's threads")
