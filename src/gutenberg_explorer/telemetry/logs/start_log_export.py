"""Starting the export of log records, where an OTLP endpoint is set."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gutenberg_explorer.telemetry.environment import otlp_endpoint_is_set, sdk_is_disabled

if TYPE_CHECKING:
    from gutenberg_explorer.telemetry.logs.export import LogExport


def start_log_export(version: str, resource: Mapping[str, str]) -> "LogExport | None":
    """Export all log records to the OTLP endpoint that OpenTelemetry's variables name, if any.

    `configure_logging` has to come first: it takes away all other ways that records go.
    """
    if sdk_is_disabled() or not otlp_endpoint_is_set(os.environ, "LOGS"):
        return None
    # Imported only where it is used, as it takes time.
    from gutenberg_explorer.telemetry.logs.export import LogExport  # noqa: PLC0415

    return LogExport(version, resource)
