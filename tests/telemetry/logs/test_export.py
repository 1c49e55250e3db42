import logging
from collections.abc import Iterator

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from gutenberg_explorer.telemetry import configure_logging, span, start_log_export
from tests.telemetry.otlp_endpoint import Receiver, otlp_endpoint, resource_of
from tests.telemetry.recording import recording

RESOURCE = {"service.name": "search-backend", "service.instance.id": "abc"}


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with otlp_endpoint() as opened:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", f"{opened.url}/v1/logs")
        yield opened


def _attributes(record: LogRecord) -> dict[str, str]:
    return {pair.key: pair.value.string_value for pair in record.attributes}


def test_records_are_exported_with_their_span(receiver: Receiver) -> None:
    configure_logging(RESOURCE, "json", "INFO")
    export = start_log_export("1.2.3", RESOURCE)
    assert export
    with recording(), span("search_api") as opened:
        logging.getLogger("some.where").warning("found %d", 3)
    logging.getLogger("some.where").info("outside")
    logging.getLogger("some.where").debug("too little")
    export.shutdown()
    logging.getLogger("some.where").info("after the end")
    inside, outside = receiver.log_records
    assert inside.body.string_value == "found 3"
    assert (inside.severity_text, inside.severity_number) == ("WARN", 13)
    assert (inside.trace_id.hex(), inside.span_id.hex()) == opened.ids
    assert inside.flags & 1
    assert (outside.severity_text, outside.trace_id, outside.span_id) == ("INFO", b"", b"")
    (group,) = receiver.resource_logs
    assert resource_of(group.resource) == RESOURCE
    scope = group.scope_logs[0].scope
    assert (scope.name, scope.version) == ("some.where", "1.2.3")


def test_an_exception_is_three_attributes(receiver: Receiver) -> None:
    configure_logging(RESOURCE, "json", "INFO")
    export = start_log_export("1.2.3", RESOURCE)
    assert export
    try:
        raise OSError("No space left on device")
    except OSError:
        logging.getLogger("x").exception("failed")
    export.shutdown()
    (record,) = receiver.log_records
    attributes = _attributes(record)
    assert attributes.pop("exception.stacktrace").endswith("OSError: No space left on device")
    assert attributes == {
        "exception.type": "OSError",
        "exception.message": "No space left on device",
    }


def test_what_the_exporters_say_is_not_exported(
    receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(RESOURCE, "json", "DEBUG")
    export = start_log_export("1.2.3", RESOURCE)
    assert export
    for name in ("opentelemetry.exporter.otlp", "urllib3.connectionpool", "requests"):
        logging.getLogger(name).warning("down")
    logging.getLogger("x").info("up")
    export.shutdown()
    assert [record.body.string_value for record in receiver.log_records] == ["up"]
    assert '"message": "down"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("variable", "value"), [("OTEL_LOGS_EXPORTER", "none"), ("OTEL_SDK_DISABLED", "true")]
)
def test_the_export_can_be_switched_off(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert start_log_export("1.2.3", RESOURCE) is None
