"""Set-up of the metrics, with OpenTelemetry's SDK: the instruments, and who reads them."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import Meter as Instruments
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

from gutenberg_explorer.telemetry.export.stats import ExportStats
from gutenberg_explorer.telemetry.metrics.instruments import INSTRUMENTS, Instrument
from gutenberg_explorer.telemetry.metrics.measurements import record, use_meter
from gutenberg_explorer.telemetry.metrics.observed import Reading, readings
from gutenberg_explorer.telemetry.metrics.page import MetricsPage
from gutenberg_explorer.telemetry.names import MetricName
from gutenberg_explorer.telemetry.spans import Attributes

logger = logging.getLogger(__name__)

_SHUTDOWN_MS = 2_000

_Recorder = Callable[[float, Attributes], None]


def _recorder(meter: Instruments, name: MetricName, told: Instrument) -> _Recorder:
    """Return what takes the measurements of a metric."""
    if told.kind == "histogram":
        histogram = meter.create_histogram(
            name, told.unit, told.brief, explicit_bucket_boundaries_advisory=told.buckets
        )
        return cast(_Recorder, histogram.record)
    if told.kind == "gauge":
        return cast(_Recorder, meter.create_gauge(name, told.unit, told.brief).set)
    return cast(_Recorder, meter.create_counter(name, told.unit, told.brief).add)


def _observe(meter: Instruments, name: MetricName, told: Instrument, read: Reading) -> None:
    """Read a metric whenever metrics are collected."""
    if told.kind == "counter":
        meter.create_observable_counter(name, [read], told.unit, told.brief)
    else:
        meter.create_observable_up_down_counter(name, [read], told.unit, told.brief)


class Meter:
    """The running set-up: made by `start_metrics`, ended by `shutdown`."""

    def __init__(
        self,
        version: str,
        resource: Mapping[str, str],
        stats: Mapping[str, ExportStats],
        exports: bool,
        address: str | None,
        allowed_hosts: str | None = None,
    ) -> None:
        self.page = MetricsPage(address, allowed_hosts) if address else None
        readers: list[MetricReader] = [self.page.reader] if self.page else []
        if exports:
            readers.append(PeriodicExportingMetricReader(OTLPMetricExporter()))
        self._provider = MeterProvider(readers, Resource(resource), shutdown_on_exit=False)
        meter = self._provider.get_meter("gutenberg_explorer", version)
        observed = readings(stats)
        self._recorders: dict[MetricName, _Recorder] = {}
        for name, told in INSTRUMENTS.items():
            if told.observed:
                _observe(meter, name, told, observed[name])
            else:
                self._recorders[name] = _recorder(meter, name, told)
        for destination, each in stats.items():
            each.on_export = partial(_on_export, destination)
        if self.page:
            self.page.start()
        use_meter(self._record)

    def _record(self, name: MetricName, value: float, attributes: Attributes) -> None:
        self._recorders[name](value, attributes)

    def shutdown(self) -> None:
        """Hand on what was measured and end the set-up; an endpoint is given two seconds."""
        use_meter(None)
        if self.page:
            self.page.stop()
        try:
            self._provider.shutdown(_SHUTDOWN_MS)
        except Exception as error:  # noqa: BLE001 - whatever it is, the rest has to end too
            logger.warning("The last metrics were not exported: %s", error)


def _on_export(destination: str, seconds: float, succeeded: bool) -> None:
    """Record an attempt to hand over spans."""
    outcome = "succeeded" if succeeded else "failed"
    record(
        "telemetry.export.duration",
        seconds,
        {"telemetry.destination": destination, "telemetry.outcome": outcome},
    )
