"""What goes into the store and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

SPAN_KINDS: Final = ("", "internal", "server", "client", "producer", "consumer")
"""The kinds' names by their number in OTLP; unspecified has none."""

_MIN_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the store keeps.

    Past any of them whole traces go, those first that have waited longest for a span.
    """

    max_traces: int = 2_000
    max_bytes: int = 256 * 1024 * 1024
    """Of the database's pages in use; the write-ahead log comes on top (16 MiB at rest)."""

    max_age: timedelta = timedelta(days=7)
    """Since the trace's last span arrived."""

    max_spans_per_trace: int = 20_000
    """Later spans of the trace are dropped, and counted."""

    def __post_init__(self) -> None:
        if self.max_traces < 1 or self.max_spans_per_trace < 1:
            raise ValueError("a store must hold at least one trace of one span")
        if self.max_bytes < _MIN_BYTES:
            raise ValueError(f"a store needs at least {_MIN_BYTES} bytes")
        if self.max_age <= timedelta(0):
            raise ValueError("a store's maximum age must be positive")


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceQuery:
    """Which traces to find: those with one span that all of this is true of. Times are in ns.

    The durations are the span's when a service, an operation or tags are asked for, and the whole
    trace's otherwise.
    """

    service: str | None = None
    operation: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    """Compared as text with the tags of the span, of its process and of its events."""

    start_min_ns: int | None = None
    start_max_ns: int | None = None
    min_duration_ns: int | None = None
    max_duration_ns: int | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class SummaryQuery:
    """Which traces to summarise. Start and duration are the whole trace's here."""

    where: TraceQuery
    errors: bool = False
    """Only traces in which any span has the status ERROR."""

    arrived_since_ns: int | None = None
    """Only traces that a span has arrived for since then; all the same the others are counted."""


@dataclass(frozen=True, slots=True)
class StoredTrace:
    """A trace as it arrived: every span's bytes are those that were sent."""

    trace_id: bytes
    resource_spans: list[ResourceSpans]
    """One for each pair of resource and scope; spans by their start."""

    dropped_spans: int = 0
    """How many were left out because the trace was full."""

    conflicting_spans: int = 0
    """How many were left out because another span of the same id was here first."""

    unreadable_spans: int = 0
    """How many rows of the store could not be decoded."""

    @property
    def span_count(self) -> int:
        """How many spans the store holds of this trace."""
        return sum(len(ss.spans) for rs in self.resource_spans for ss in rs.scope_spans)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the spans that were handed to the store."""

    stored: int = 0
    """How many are new. A span that was there before, as it is, counts nowhere."""

    dropped: int = 0
    """How many were left out because their trace is full."""

    conflicting: int = 0
    """How many were left out because another span with the same id is there."""


@dataclass(frozen=True, slots=True)
class ServiceSpans:
    """How many spans of a trace are a service's, and how many of them have the status ERROR."""

    name: str
    spans: int
    errors: int


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """What a list tells of a trace. Times are in ns."""

    trace_id: bytes
    name: str
    """The root's."""

    root: bytes
    """The root's span id; see `root`."""

    root_service: str

    query: str | None
    """The text that was searched for, where one was and its text is kept."""

    services: list[ServiceSpans]
    """Those that began first come first."""

    spans: int
    errors: int
    """How many spans have the status ERROR."""

    start_ns: int
    duration_ns: int

    orphans: int | None = None
    """How many spans have a parent that is not here; None where it was not asked for."""


@dataclass(frozen=True, slots=True)
class DurationBucket:
    """The traces that took at least `from_ns` and less than `to_ns`."""

    from_ns: int
    to_ns: int
    traces: int
    errors: int
    """Those of them with an error."""


@dataclass(frozen=True, slots=True)
class Summaries:
    """Some of the traces that match, those that started last first, and what all of them took."""

    traces: list[TraceSummary]
    matching: int
    median_ns: int | None
    p95_ns: int | None
    histogram: list[DurationBucket]
    """Counts the traces that match but for their duration; empty buckets are left out."""

    since_ns: int
    """Whoever asks again for what has arrived since then misses nothing."""


@dataclass(frozen=True, slots=True, order=True)
class Operation:
    """A span's name and the name of its kind (see SPAN_KINDS)."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Dependency:
    """How often a service called another: `calls` spans of `child` have a parent of `parent`."""

    parent: str
    child: str
    calls: int
