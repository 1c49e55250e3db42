"""Log lines that name their trace: JSON for machines, plain text on a terminal."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, TextIO

from opentelemetry import trace

LogFormat = Literal["auto", "json", "text"]

_RESOURCE_FIELDS = ("service.name", "service.version", "deployment.environment.name")


def _ids() -> dict[str, str]:
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, severity, message, trace and span ids, and the service."""

    def __init__(self, resource: Mapping[str, str]) -> None:
        super().__init__()
        self._resource = {key: resource[key] for key in _RESOURCE_FIELDS if key in resource}

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "severity": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_ids(),
            **self._resource,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception.type"] = record.exc_info[0].__name__
            line["exception.message"] = str(record.exc_info[1])
            line["exception.stacktrace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A line for people, with the trace's id at its end."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line."""
        line = super().format(record)
        trace_id = _ids().get("trace_id")
        return f"{line}  trace={trace_id}" if trace_id else line


def configure_logging(
    resource: Mapping[str, str], form: LogFormat, level: str, stream: TextIO | None = None
) -> None:
    """Send all log records of `level` and above to `stream` (default: standard output)."""
    stream = stream or sys.stdout
    as_text = form == "text" or (form == "auto" and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(TextFormatter() if as_text else JsonFormatter(resource))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
