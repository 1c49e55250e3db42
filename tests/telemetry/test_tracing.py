import logging
import uuid
from collections.abc import Iterable

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer import telemetry
from gutenberg_explorer.telemetry import otlp_endpoint_is_set, span
from gutenberg_explorer.telemetry.tracing import resource_attributes
from tests.telemetry.otlp_endpoint import otlp_endpoint
from tests.telemetry.recording import recording


def test_the_resource_says_who_we_are() -> None:
    found = resource_attributes("1.2.3")
    instance = found.pop("service.instance.id")
    assert str(uuid.UUID(instance)) == instance
    assert {k: v for k, v in found.items() if not k.startswith("telemetry.")} == {
        "service.name": "search-backend",
        "service.namespace": "gutenberg-explorer",
        "service.version": "1.2.3",
        "deployment.environment.name": "local",
    }


def test_the_standard_variables_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "other")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=prod,team=books")
    found = resource_attributes("1.2.3")
    assert found["service.name"] == "other"
    assert found["deployment.environment.name"] == "prod"
    assert found["team"] == "books"
    assert found["service.version"] == "1.2.3"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/v1/traces"}, True),
        (
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318",
                "OTEL_TRACES_EXPORTER": "none",
            },
            False,
        ),
        (
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318",
                "OTEL_TRACES_EXPORTER": "console, otlp",
            },
            True,
        ),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://localhost:4318/v1/metrics"}, False),
    ],
)
def test_an_endpoint_is_set_by_the_standard_variables(
    environ: dict[str, str], expected: bool
) -> None:
    assert otlp_endpoint_is_set(environ) is expected


def test_spans_reach_the_endpoint_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with otlp_endpoint() as receiver:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-token=abc")
        tracing = telemetry.start("1.2.3")
        assert tracing.exports
        with span("search_api"):
            pass
        tracing.shutdown()
    assert [s.name for s in receiver.spans] == ["search_api"]
    assert receiver.headers[0]["x-token"] == "abc"
    assert receiver.services == {"search-backend"}


def test_a_sink_that_fails_costs_its_spans_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_: Iterable[ResourceSpans]) -> None:
        raise OSError("No space left on device")

    tracing = telemetry.start("1.2.3", broken)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with span("search_api"):
                pass
            tracing.flush()
    tracing.shutdown()
    assert caplog.messages == [
        "Spans could not be stored: No space left on device",
        "3 spans were dropped (since the start: unreachable 3).",
    ]


def test_the_page_has_a_resource_of_its_own() -> None:
    with recording() as recorder:
        assert recorder.tracing is not None
        assert recorder.tracing.frontend_resource == {
            "service.name": "search-frontend",
            "service.namespace": "gutenberg-explorer",
            "service.version": "1.2.3",
            "deployment.environment.name": "local",
        }


def test_a_queue_that_is_set_is_kept_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "600")
    with recording() as recorder:
        with span("search_api"):
            pass
        assert len(recorder.spans) == 1
