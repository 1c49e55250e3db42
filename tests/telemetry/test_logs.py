import io
import json
import logging

from gutenberg_explorer.telemetry import configure_logging, span
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


def test_a_terminal_gets_plain_text() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    configure_logging(RESOURCE, "auto", "WARNING", stream)
    with recording(), span("search_api") as opened:
        logging.getLogger("x").warning("careful")
        logging.getLogger("x").info("not shown")
    (line,) = stream.getvalue().splitlines()
    assert line.endswith(f"WARNING careful  trace={opened.ids[0]}")
