"""Metrics that are read when they are wanted: the process, and what became of its spans."""

from collections.abc import Callable, Iterable, Mapping
from typing import get_args

import psutil
from opentelemetry.metrics import CallbackOptions, Observation

from gutenberg_explorer.telemetry.export.stats import DropReason, ExportStats
from gutenberg_explorer.telemetry.names import MetricName

Reading = Callable[[CallbackOptions], Iterable[Observation]]


def readings(stats: Mapping[str, ExportStats]) -> dict[MetricName, Reading]:
    """Return how each observed metric is read; `stats` are the spans' by destination."""
    process = psutil.Process()

    def memory(_: CallbackOptions) -> Iterable[Observation]:
        yield Observation(process.memory_info().rss)

    def cpu_time(_: CallbackOptions) -> Iterable[Observation]:
        times = process.cpu_times()
        yield Observation(times.user, {"cpu.mode": "user"})
        yield Observation(times.system, {"cpu.mode": "system"})

    def exported(_: CallbackOptions) -> Iterable[Observation]:
        for destination, each in stats.items():
            yield Observation(each.exported, {"telemetry.destination": destination})

    def dropped(_: CallbackOptions) -> Iterable[Observation]:
        for destination, each in stats.items():
            # Zeros too: an alert on what grows needs to know where it began.
            for reason in get_args(DropReason):
                attributes = {"telemetry.destination": destination, "telemetry.drop.reason": reason}
                yield Observation(each.dropped[reason], attributes)

    def queued(_: CallbackOptions) -> Iterable[Observation]:
        for destination, each in stats.items():
            yield Observation(each.queued(), {"telemetry.destination": destination})

    return {
        "process.memory.usage": memory,
        "process.cpu.time": cpu_time,
        "telemetry.spans.exported": exported,
        "telemetry.spans.dropped": dropped,
        "telemetry.spans.queued": queued,
    }
