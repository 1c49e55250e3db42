"""Log records over OTLP, with OpenTelemetry's SDK."""

import logging
import threading
from collections.abc import Mapping

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context import get_current
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource

from gutenberg_explorer.telemetry.logs.exceptions import exception_fields
from gutenberg_explorer.telemetry.logs.filters import not_of_exporters, not_told_before

_SHUTDOWN_SECONDS = 2.0

_SEVERITIES = {
    logging.CRITICAL: ("FATAL", SeverityNumber.FATAL),
    logging.ERROR: ("ERROR", SeverityNumber.ERROR),
    logging.WARNING: ("WARN", SeverityNumber.WARN),
    logging.INFO: ("INFO", SeverityNumber.INFO),
    logging.DEBUG: ("DEBUG", SeverityNumber.DEBUG),
}


def _severity(level: int) -> tuple[str, SeverityNumber]:
    """Return a level's name and number in OpenTelemetry's data model of logs."""
    known = max((each for each in _SEVERITIES if each <= level), default=logging.DEBUG)
    return _SEVERITIES[known]


class LogExport(logging.Handler):
    """Exports all records of the root logger, from its making until `shutdown`."""

    def __init__(self, version: str, resource: Mapping[str, str]) -> None:
        super().__init__()
        self._version = version
        self._provider = LoggerProvider(Resource(resource), shutdown_on_exit=False)
        self._exporter = OTLPLogExporter()
        self._provider.add_log_record_processor(BatchLogRecordProcessor(self._exporter))
        self.addFilter(not_of_exporters)
        self.addFilter(not_told_before)
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a record, under the current span's ids."""
        try:
            text, number = _severity(record.levelno)
            exported = LogRecord(
                timestamp=int(record.created * 1e9),
                context=get_current(),
                severity_text=text,
                severity_number=number,
                body=record.getMessage(),
                attributes=exception_fields(record),
            )
            self._provider.get_logger(record.name, self._version).emit(exported)
        except Exception:  # noqa: BLE001 - logging says what is wrong with a record, and goes on
            self.handleError(record)

    def shutdown(self) -> None:
        """Hand on what is queued and end the export; an endpoint is given two seconds."""
        logging.getLogger().removeHandler(self)
        ending = threading.Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        ending.join(_SHUTDOWN_SECONDS)
        if ending.is_alive():
            # It would try again for up to thirty seconds.
            self._exporter.shutdown()  # type: ignore[no-untyped-call]
