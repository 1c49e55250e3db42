import io
import json
import logging

import pytest
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, use_span

from gutenberg_explorer.telemetry import configure_logging, span, warner
from gutenberg_explorer.telemetry.logs.exceptions import query_string
from tests.contract import GROUPS
from tests.telemetry.recording import recording

RESOURCE = {"service.name": "search-backend", "service.version": "1.2.3", "host.name": "h"}


def test_a_line_is_json_and_names_its_trace() -> None:
    stream = io.StringIO()
    configure_logging(RESOURCE, "auto", "INFO", stream)
    with recording(), span("search_api") as opened:
        logging.getLogger("some.where").info("found %d – naïve", 3)
    line = json.loads(stream.getvalue())
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "severity": "INFO",
        "logger": "some.where",
        "message": "found 3 – naïve",
        "trace_id": opened.ids[0],
        "span_id": opened.ids[1],
        "service.name": "search-backend",
        "service.version": "1.2.3",
    }


def test_an_exception_stays_on_its_line() -> None:
    stream = io.StringIO()
    configure_logging(RESOURCE, "json", "INFO", stream)
    try:
        raise ValueError("no\nway")
    except ValueError:
        logging.getLogger("x").exception("failed")
    (text,) = stream.getvalue().splitlines()
    line = json.loads(text)
    assert line["exception.type"] == "ValueError"
    assert line["exception.message"] == "no\nway"
    assert "Traceback" in line["exception.stacktrace"]
    assert "trace_id" not in line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _lines_on(stream: io.StringIO) -> list[str]:
    configure_logging(RESOURCE, "auto", "WARNING", stream)
    with recording(), span("search_api"):
        logging.getLogger("x").warning("careful")
        logging.getLogger("x").error("broken")
        logging.getLogger("x").info("not shown")
    return stream.getvalue().splitlines()


def test_a_terminal_gets_lines_coloured_by_severity() -> None:
    warning, error = _lines_on(Terminal())
    assert warning[8:] == f" \x1b[33mWARNING\x1b[0m careful  \x1b[2mtrace={1:032x}\x1b[0m"
    assert error[8:] == f" \x1b[31mERROR  \x1b[0m broken  \x1b[2mtrace={1:032x}\x1b[0m"


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert _lines_on(Terminal())[0][8:] == f" WARNING careful  trace={1:032x}"


def test_text_that_is_no_terminal_has_no_colours() -> None:
    stream = io.StringIO()
    configure_logging(RESOURCE, "text", "INFO", stream)
    try:
        raise ValueError("no")
    except ValueError:
        logging.getLogger("x").exception("failed")
    first, *stack = stream.getvalue().splitlines()
    assert first[8:] == " ERROR   failed"
    assert (stack[0], stack[-1]) == ("Traceback (most recent call last):", "ValueError: no")


def test_what_a_caller_sends_neither_moves_the_cursor_nor_begins_a_line() -> None:
    stream = io.StringIO()
    configure_logging(RESOURCE, "text", "INFO", stream)
    try:
        raise ValueError("\x1b[2J")
    except ValueError:
        logging.getLogger("x").exception("GET /books/\x1b[2J\r\nERROR")
    first, *stack = stream.getvalue().split("\n")
    assert first.endswith("GET /books/\\x1b[2J\\x0d\\x0aERROR")
    assert stack[-2:] == ["ValueError: \\x1b[2J", ""]


def test_datadog_has_names_of_its_own() -> None:
    stream = io.StringIO()
    resource = {**RESOURCE, "deployment.environment.name": "prod"}
    configure_logging(resource, "json", "INFO", stream, datadog=True)
    trace_id = (0xABCD << 64) + 2**63 + 5
    context = SpanContext(trace_id, 2**64 - 1, False, TraceFlags(1))
    with use_span(NonRecordingSpan(context)):
        logging.getLogger("x").info("in")
    logging.getLogger("x").info("out")
    inside, outside = map(json.loads, stream.getvalue().splitlines())
    assert inside["trace_id"] == f"{trace_id:032x}"
    service = {"dd.service": "search-backend", "dd.env": "prod", "dd.version": "1.2.3"}
    ids = {"dd.trace_id": str(2**63 + 5), "dd.span_id": str(2**64 - 1)}
    assert {k: v for k, v in inside.items() if k.startswith("dd.")} == {**service, **ids}
    assert {k: v for k, v in outside.items() if k.startswith("dd.")} == service


def test_every_field_of_a_line_is_in_the_contract_and_the_other_way_round() -> None:
    stream = io.StringIO()
    resource = {**RESOURCE, "deployment.environment.name": "prod"}
    configure_logging(resource, "json", "INFO", stream, datadog=True)
    with recording(), span("search_api"):
        try:
            raise ValueError("no")
        except ValueError:
            logging.getLogger("x").exception("failed")
    [listed] = [group for group in GROUPS if group["id"] == "log.line"]
    assert set(json.loads(stream.getvalue())) == {field["id"] for field in listed["attributes"]}


def test_the_exporters_speak_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    configure_logging(RESOURCE, "json", "INFO", stream)
    now = 0.0
    monkeypatch.setattr(warner, "monotonic", lambda: now)
    for now in (0.0, 1.0, 59.0, 60.5, 61.0):
        logging.getLogger("opentelemetry.exporter.x").warning("down at %s", now)
    logging.getLogger("opentelemetry.exporter.y").error("down too")
    logging.getLogger("opentelemetryish").info("said")
    logging.getLogger("opentelemetryish").info("said again")
    told = [json.loads(line)["message"] for line in stream.getvalue().splitlines()]
    assert told == ["down at 0.0", "down at 60.5", "down too", "said", "said again"]


def test_an_exception_is_told_without_words_of_the_query() -> None:
    stream = io.StringIO()
    configure_logging(RESOURCE, "json", "INFO", stream)
    token = query_string.set(b"q=white+Wh%C3%A4le&method=bm25")
    try:
        try:
            raise KeyError("whäle")
        except KeyError as error:
            raise ValueError("no WHITE\n    one, but whitest") from error
    except ValueError:
        logging.getLogger("x").exception("failed")
    finally:
        query_string.reset(token)
    line = json.loads(stream.getvalue())
    assert line["exception.message"] == "no […]\n    one, but whitest"
    stack = line["exception.stacktrace"].splitlines()
    assert "KeyError: '[…]'" in stack
    assert stack[-2:] == ["ValueError: no […]", "    one, but whitest"]
    assert '            raise KeyError("whäle")' in [f"        {s}" for s in stack]


def test_an_exception_that_is_logged_already_is_not_logged_by_the_server() -> None:
    stream = io.StringIO()
    configure_logging(RESOURCE, "json", "INFO", stream)
    for known, error in ((True, ValueError("first")), (False, ValueError("second"))):
        try:
            raise error
        except ValueError:
            if known:
                logging.getLogger("gutenberg_explorer.api.problems").exception("failed")
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["logger"], line["exception.message"]) for line in told] == [
        ("gutenberg_explorer.api.problems", "first"),
        ("uvicorn.error", "second"),
    ]
