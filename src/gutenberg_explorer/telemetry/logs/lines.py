"""Log lines that name their trace: JSON for machines, plain text on a terminal."""

import contextlib
import json
import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, TextIO

from opentelemetry import trace

from gutenberg_explorer.telemetry.logs.exceptions import exception_fields
from gutenberg_explorer.telemetry.logs.filters import ExportersOnceAMinute, not_told_before
from gutenberg_explorer.telemetry.warner import OnceAMinute

LogFormat = Literal["auto", "json", "text"]

_RESOURCE_FIELDS = ("service.name", "service.version", "deployment.environment.name")
_DATADOG_FIELDS = dict(zip(("dd.service", "dd.version", "dd.env"), _RESOURCE_FIELDS, strict=True))

_DIM, _RED, _YELLOW, _GREEN, _RESET = (f"\x1b[{number}m" for number in (2, 31, 33, 32, 0))
# A path may hold what would move a terminal's cursor, or begin another line.
_VISIBLE = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code != 9}
_COLOURS = {"DEBUG": _DIM, "INFO": _GREEN, "WARNING": _YELLOW, "ERROR": _RED, "CRITICAL": _RED}


def _ids(datadog: bool = False) -> dict[str, str]:
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    ids = {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}
    if datadog:
        ids["dd.trace_id"] = str(context.trace_id & (1 << 64) - 1)
        ids["dd.span_id"] = str(context.span_id)
    return ids


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, severity, message, trace and span ids, and the service.

    With `datadog` ids and service stand there under Datadog's names as well.
    """

    def __init__(self, resource: Mapping[str, str], datadog: bool = False) -> None:
        super().__init__()
        self._datadog = datadog
        self._resource = {key: resource[key] for key in _RESOURCE_FIELDS if key in resource}
        if datadog:
            self._resource |= {
                name: resource[key] for name, key in _DATADOG_FIELDS.items() if key in resource
            }

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "severity": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_ids(self._datadog),
            **self._resource,
            **exception_fields(record),
        }
        return json.dumps(line, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A line for people, with the trace's id at its end; in colours where they are wanted."""

    def __init__(self, colours: bool = False) -> None:
        super().__init__()
        self._colours = colours

    def _painted(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_RESET}" if self._colours else text

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line, and an exception's stack below it."""
        severity = self._painted(f"{record.levelname:7}", _COLOURS.get(record.levelname, ""))
        message = record.getMessage().translate(_VISIBLE)
        line = f"{self.formatTime(record, '%H:%M:%S')} {severity} {message}"
        if trace_id := _ids().get("trace_id"):
            line += "  " + self._painted(f"trace={trace_id}", _DIM)
        stack = exception_fields(record).get("exception.stacktrace")
        if not stack:
            return line
        return "\n".join([line, *(each.translate(_VISIBLE) for each in stack.split("\n"))])


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines to a stream; where that fails, it says so on standard error, once a minute.

    The program goes on: what it does is worth more than what it says of it.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._minute = OnceAMinute()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Take note of an error that writing a record has raised."""
        error = sys.exception()
        if not isinstance(error, OSError):
            super().handleError(record)
        elif self._minute.is_due():
            with contextlib.suppress(OSError, AttributeError):
                sys.stderr.write(f"Log lines are lost: {error.strerror}.\n")


def configure_logging(
    resource: Mapping[str, str],
    form: LogFormat,
    level: str,
    stream: TextIO | None = None,
    *,
    datadog: bool = False,
) -> None:
    """Send all log records of `level` and above to `stream` (default: standard output)."""
    stream = stream or sys.stdout
    terminal = stream.isatty()
    handler = _Handler(stream)
    if form == "text" or (form == "auto" and terminal):
        handler.setFormatter(TextFormatter(terminal and not os.environ.get("NO_COLOR")))
    else:
        handler.setFormatter(JsonFormatter(resource, datadog))
    handler.addFilter(ExportersOnceAMinute())
    handler.addFilter(not_told_before)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
