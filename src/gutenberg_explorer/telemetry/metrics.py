"""The one helper through which the backend measures; it does nothing until metrics are wanted."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gutenberg_explorer.telemetry.names import AttributeName, MetricName
from gutenberg_explorer.telemetry.provider import otlp_endpoint_is_set
from gutenberg_explorer.telemetry.recorder import AttributeValue
from gutenberg_explorer.telemetry.sampling import sdk_is_disabled
from gutenberg_explorer.telemetry.spans import Attributes
from gutenberg_explorer.telemetry.stats import ExportStats

if TYPE_CHECKING:
    from gutenberg_explorer.telemetry.meter import Meter

Record = Callable[[MetricName, float, Attributes], None]

_NO_ATTRIBUTES: Attributes = {}


def _record_none(name: MetricName, value: float, attributes: Attributes) -> None:
    """Record nothing: what is done while nobody wants to know."""


_record: Record = _record_none


def use_meter(recording: Record | None) -> None:
    """Record all later measurements with `recording`; None: record nothing."""
    global _record  # noqa: PLW0603 - one set-up a process
    _record = recording or _record_none


def record(name: MetricName, value: float, attributes: Attributes = _NO_ATTRIBUTES) -> None:
    """Record a measurement, in the metric's unit: seconds, bytes, or a number of things."""
    _record(name, value, attributes)


@contextmanager
def measured(name: MetricName) -> Iterator[None]:
    """Record how many seconds a `with` block takes, with `error.type` where it raises."""
    started = time.perf_counter()
    attributes: dict[AttributeName, AttributeValue] = {}
    try:
        yield
    except BaseException as error:
        attributes["error.type"] = type(error).__name__
        raise
    finally:
        record(name, time.perf_counter() - started, attributes)


def start_metrics(
    version: str,
    resource: Mapping[str, str],
    stats: Mapping[str, ExportStats],
    address: str | None = None,
) -> "Meter | None":
    """Start to measure and return the set-up, or None where nobody wants to know.

    Metrics go to the OTLP endpoint that OpenTelemetry's variables name, if any, and to Prometheus
    at `address`, HOST:PORT or PORT alone. `stats` tell of the spans, by destination. Raises OSError
    when nothing can listen there.
    """
    exports = otlp_endpoint_is_set(os.environ, "METRICS")
    if sdk_is_disabled() or not (exports or address):
        return None
    # Imported only where it is used: it takes a quarter of a second.
    from gutenberg_explorer.telemetry.meter import Meter  # noqa: PLC0415

    return Meter(version, resource, stats, exports, address)
