"""Which log records are told, where telemetry or a server would tell too much."""

import logging
from collections import defaultdict

from gutenberg_explorer.telemetry.warner import OnceAMinute

_EXPORTERS = ("opentelemetry", "urllib3", "requests")
_LOGGED = "_gutenberg_explorer_logged"


def is_of_exporters(record: logging.LogRecord) -> bool:
    """Return whether a record is by what sends telemetry."""
    return record.name.split(".", 1)[0] in _EXPORTERS


def not_of_exporters(record: logging.LogRecord) -> bool:
    """Return whether a record may be exported; those of the exporters would never end."""
    return not is_of_exporters(record)


class ExportersOnceAMinute(logging.Filter):
    """Lets each logger of the exporters through once a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._minutes: defaultdict[str, OnceAMinute] = defaultdict(OnceAMinute)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is told."""
        return not is_of_exporters(record) or self._minutes[record.name].is_due()


def not_told_before(record: logging.LogRecord) -> bool:
    """Return whether a record is told: not the server's about an exception that is logged already.

    What a request raises is logged within its span; uvicorn would log it again, outside of it.
    """
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return True
    if record.name == "uvicorn.error":
        return not hasattr(error, _LOGGED)
    setattr(error, _LOGGED, True)
    return True
