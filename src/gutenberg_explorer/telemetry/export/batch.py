"""Spans on their way out: a bounded queue, and a thread that hands them over in batches."""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from gutenberg_explorer.telemetry.export.stats import DropReason, ExportStats
from gutenberg_explorer.telemetry.fork import in_forked_child
from gutenberg_explorer.telemetry.recording.recorder import RecordedSpan
from gutenberg_explorer.telemetry.warner import OnceAMinute

logger = logging.getLogger(__name__)

# Spans of others are kept as they came, and may be long.
_MAX_FORWARDED_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Spans that another process made: an encoded `ResourceSpans` message, and how many it has."""

    encoded: bytes
    count: int


Item = RecordedSpan | Forwarded


def spans_in(items: Iterable[Item]) -> int:
    """Return how many spans there are."""
    return sum(item.count if isinstance(item, Forwarded) else 1 for item in items)


class Destination(Protocol):
    """Where batches go."""

    def deliver(self, batch: list[Item], batcher: "Batcher") -> None:
        """Hand a batch over, and count in `batcher.stats` what became of it."""


class Batcher:
    """Takes spans from any thread at the cost of an append, and never makes one wait.

    What comes while as many spans wait as may is dropped and counted.
    """

    def __init__(
        self, destination: Destination, stats: ExportStats, settings: "BatchSettings"
    ) -> None:
        self.stats = stats
        self._destination = destination
        self._queue_size = settings.queue_size
        self._batch_size = min(settings.batch_size, settings.queue_size)
        self._delay = settings.delay
        self._minute = OnceAMinute()
        self._warned_of = 0
        self._begin()
        stats.queued = self._queued
        # A forked child must not send again what its parent will, and has no threads.
        in_forked_child(self._begin)

    def _begin(self) -> None:
        self._queue: deque[Item] = deque()
        self._forwarded_bytes = 0
        self._wake = threading.Event()
        self._delivering = threading.Lock()
        self.stopping = threading.Event()
        self.deadline = float("inf")
        self._ended = False
        self._in_flight = 0
        self._thread = threading.Thread(target=self._run, name="spans", daemon=True)
        self._thread.start()

    def _queued(self) -> int:
        return spans_in(self._queue.copy())

    def put(self, span: RecordedSpan) -> None:
        """Take an ended span."""
        waiting = len(self._queue)
        if waiting >= self._queue_size or self._ended:
            self.drop("shutdown" if self._ended else "queue_full", 1)
            return
        self._queue.append(span)
        if waiting == self._batch_size:
            self._wake.set()

    def forward(self, spans: Forwarded) -> None:
        """Take spans of another process."""
        size = self._forwarded_bytes + len(spans.encoded)
        if size > _MAX_FORWARDED_BYTES or len(self._queue) >= self._queue_size or self._ended:
            self.drop("shutdown" if self._ended else "queue_full", spans.count)
            return
        self._forwarded_bytes = size
        self._queue.append(spans)

    def drop(self, reason: DropReason, spans: int) -> None:
        """Count spans that will not arrive; the log says so at most once a minute."""
        if spans:
            self.stats.dropped[reason] += spans

    def _warn(self) -> None:
        dropped = self.stats.dropped.total()
        if dropped > self._warned_of and self._minute.is_due():
            reasons = ", ".join(f"{reason} {n}" for reason, n in self.stats.dropped.items())
            new = dropped - self._warned_of
            logger.warning("%d spans were dropped (since the start: %s).", new, reasons)
            self._warned_of = dropped

    def _run(self) -> None:
        while not self.stopping.is_set():
            self._wake.wait(self._delay)
            self._wake.clear()
            self.flush()
            self._warn()

    def flush(self) -> None:
        """Hand over what waits now, in this thread; what comes meanwhile is left to later."""
        with self._delivering:
            left = len(self._queue)
            while left > 0 and time.monotonic() < self.deadline:
                batch = self._next()
                left -= len(batch)
                self._in_flight = spans_in(batch)
                try:
                    self._destination.deliver(batch, self)
                except Exception:  # whatever it is, it must not end the thread
                    logger.exception(
                        "%d spans were lost because of an internal error.", self._in_flight
                    )
                    self.drop("unreachable", self._in_flight)
                self._in_flight = 0

    def _next(self) -> list[Item]:
        batch: list[Item] = []
        for _ in range(min(self._batch_size, len(self._queue))):
            item = self._queue.popleft()
            batch.append(item)
            if isinstance(item, Forwarded):
                self._forwarded_bytes -= len(item.encoded)
        return batch

    def shutdown(self, seconds: float) -> None:
        """Hand over what waits, for at most about as many seconds, and take nothing more."""
        self.deadline = time.monotonic() + seconds
        self.stopping.set()
        self._wake.set()
        self._thread.join(seconds)
        if self._delivering.acquire(timeout=max(0.0, self.deadline - time.monotonic())):
            self._delivering.release()
            self.flush()
        self._ended = True
        self.drop("shutdown", self._in_flight + self._queued())
        self._queue.clear()
        self._minute = OnceAMinute()  # what has not been said is said at the end
        self._warn()


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """At most `queue_size` spans wait; `batch_size` of them, or `delay` seconds, send a batch."""

    queue_size: int
    batch_size: int
    delay: float


def batch_settings(*, local: bool, environ: Mapping[str, str] = os.environ) -> BatchSettings:
    """Return what OpenTelemetry's `OTEL_BSP_…` variables ask for.

    A search and its trace are looked at together, so a `local` store gets its spans sooner than
    after the 5 s of a remote endpoint. What is no positive number is passed over with a warning.
    """

    def number(variable: str, default: int) -> int:
        text = environ.get(variable, "").strip()
        if text and not (text.isdecimal() and int(text[:12]) > 0):
            logger.warning("%s=%s is not a positive number: using %d.", variable, text, default)
            return default
        return int(text[:12] or default)

    return BatchSettings(
        # OpenTelemetry's 2,048 are a quarter of a second of searches at full speed, and endpoints
        # are gone for longer than that. 65,536 spans take about 40 MB.
        queue_size=number("OTEL_BSP_MAX_QUEUE_SIZE", 65_536),
        batch_size=number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 4_096 if local else 2_048),
        delay=number("OTEL_BSP_SCHEDULE_DELAY", 200 if local else 5_000) / 1000,
    )
