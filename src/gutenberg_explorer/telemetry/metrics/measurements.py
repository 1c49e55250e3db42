"""The one helper through which the backend measures; it does nothing until metrics are wanted."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gutenberg_explorer.telemetry.names import AttributeName, MetricName
from gutenberg_explorer.telemetry.recording.recorder import AttributeValue
from gutenberg_explorer.telemetry.spans import Attributes

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
