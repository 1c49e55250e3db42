"""Starting the metrics, where somebody reads them."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gutenberg_explorer.telemetry.environment import otlp_endpoint_is_set, sdk_is_disabled
from gutenberg_explorer.telemetry.export.stats import ExportStats

if TYPE_CHECKING:
    from gutenberg_explorer.telemetry.metrics.meter import Meter


def start_metrics(
    version: str,
    resource: Mapping[str, str],
    stats: Mapping[str, ExportStats],
    address: str | None = None,
    allowed_hosts: str | None = None,
) -> "Meter | None":
    """Start to measure and return the set-up, or None where nobody wants to know.

    Metrics go to the OTLP endpoint that OpenTelemetry's variables name, if any, and to Prometheus
    at `address`, HOST:PORT or PORT alone, under the names of `allowed_hosts`. `stats` tell of the
    spans, by destination. Raises OSError when nothing can listen there.
    """
    exports = otlp_endpoint_is_set(os.environ, "METRICS")
    if sdk_is_disabled() or not (exports or address):
        return None
    # Imported only where it is used: it takes a quarter of a second.
    from gutenberg_explorer.telemetry.metrics.meter import Meter  # noqa: PLC0415

    return Meter(version, resource, stats, exports, address, allowed_hosts)
