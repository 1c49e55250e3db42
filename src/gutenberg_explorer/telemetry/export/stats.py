"""What became of the spans on their way to one destination."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

# Why a span never arrived: its queue was full, the endpoint refused it, could not be reached for
# too long, or the process ended first.
DropReason = Literal["queue_full", "rejected", "unreachable", "shutdown"]


def _unheard(seconds: float, succeeded: bool) -> None:
    """Do nothing: what is told while nobody measures."""


def _none() -> int:
    return 0


@dataclass(slots=True)
class ExportStats:
    """Counts of spans; read by the metrics at any time, written by one exporter.

    `queued` returns how many spans wait. `on_export` is called after each attempt to hand over a
    batch with its seconds, and with whether it succeeded.
    """

    exported: int = 0
    dropped: Counter[DropReason] = field(default_factory=Counter)
    queued: Callable[[], int] = _none
    on_export: Callable[[float, bool], None] = _unheard
