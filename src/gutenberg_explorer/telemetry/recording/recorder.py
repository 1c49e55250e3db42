"""Spans as cheap as plain objects, behind OpenTelemetry's API.

The SDK's spans guard against every use that the API allows, by locks, limits and immutable copies;
that costs ten times what a span of a few attributes needs. Ours keep to what this application
does: a span belongs to one thread at a time, and its attributes are the contract's.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import Decision, Sampler
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
)

AttributeValue = str | bool | int | float

MAX_TEXT = 4_096

# W3C Trace Context Level 2: sampled, and the trace id is random.
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_SAMPLED_RANDOM = TraceFlags(TraceFlags.SAMPLED | 2)


class RecordedSpan(Span):
    """A span that will be exported. Times are in ns since 1970."""

    __slots__ = (
        "_on_end",
        "attributes",
        "end_time",
        "error",
        "flags",
        "kind",
        "links",
        "name",
        "parent_id",
        "parent_is_remote",
        "span_id",
        "start_time",
        "state",
        "trace_id",
    )

    def __init__(
        self,
        name: str,
        kind: SpanKind,
        attributes: Mapping[str, AttributeValue] | None,
        links: Sequence[Link],
        trace_id: int,
        span_id: int,
        flags: TraceFlags,
        state: TraceState,
        parent_id: int,
        parent_is_remote: bool,
        start_time: int,
        on_end: "Callable[[RecordedSpan], None]",
    ) -> None:
        self.name = name
        self.kind = kind
        self.attributes: dict[str, AttributeValue] = dict(attributes) if attributes else {}
        self.links = links
        self.end_time = 0
        self.error = False
        self._on_end = on_end
        self.trace_id = trace_id
        self.span_id = span_id
        self.flags = flags
        self.state = state
        self.parent_id = parent_id
        self.parent_is_remote = parent_is_remote
        self.start_time = start_time

    def get_span_context(self) -> SpanContext:
        """Return the span's ids and flags."""
        return SpanContext(self.trace_id, self.span_id, False, self.flags, self.state)

    def is_recording(self) -> bool:
        """Return whether the span has not ended yet."""
        return not self.end_time

    def set_attribute(self, key: str, value: object) -> None:
        """Set an attribute; what is no string, number or boolean is written as text."""
        self.attributes[key] = value if isinstance(value, str | bool | int | float) else str(value)

    def set_attributes(self, attributes: Mapping[str, object]) -> None:
        """Set several attributes."""
        for key, value in attributes.items():
            self.set_attribute(key, value)

    def update_name(self, name: str) -> None:
        """Give the span another name."""
        self.name = name

    def set_status(self, status: Status | StatusCode, description: str | None = None) -> None:
        """Mark the span as an error, or not; `error.type` says which."""
        code = status.status_code if isinstance(status, Status) else status
        self.error = code is StatusCode.ERROR

    def add_event(self, name: str, attributes: object = None, timestamp: int | None = None) -> None:
        """Do nothing: what happens within a span goes to the log, with the span's ids."""

    def record_exception(
        self,
        exception: BaseException,
        attributes: object = None,
        timestamp: int | None = None,
        escaped: bool = False,
    ) -> None:
        """Do nothing, as `add_event`."""

    def end(self, end_time: int | None = None) -> None:
        """End the span, at the first call."""
        if not self.end_time:
            self.end_time = end_time or time.time_ns()
            self._on_end(self)


class RandomIds(IdGenerator):
    """Random ids, from a generator that asks the system for randomness once."""

    def __init__(self) -> None:
        # Ids must not collide; nothing depends on their being hard to guess.
        self._bits = random.Random(random.SystemRandom().getrandbits(256)).getrandbits  # noqa: S311

    def generate_trace_id(self) -> int:
        """Return 16 bytes that are not all zero."""
        return self._bits(128) or self.generate_trace_id()

    def generate_span_id(self) -> int:
        """Return 8 bytes that are not all zero."""
        return self._bits(64) or self.generate_span_id()


class SpanRecorder:
    """Records spans that the sampler wants, and hands the ended ones to `on_end`."""

    def __init__(
        self,
        sampler: Sampler,
        on_end: Callable[[RecordedSpan], None],
        ids: IdGenerator,
        clock: Callable[[], int],
    ) -> None:
        self._sampler = sampler
        self._on_end = on_end
        self._ids = ids
        self.now = clock

    def start(
        self,
        name: str,
        above: Span,
        context: Context,
        kind: SpanKind,
        attributes: Mapping[str, AttributeValue] | None,
        links: Sequence[Link],
    ) -> Span:
        """Start a span under `above`, the span of `context`.

        The sampler is asked for the first span of a process alone: those below share its fate.
        """
        if not isinstance(above, RecordedSpan):
            return self._start_first(name, above, context, kind, attributes, links)
        return RecordedSpan(
            name,
            kind,
            attributes,
            links,
            above.trace_id,
            self._ids.generate_span_id(),
            above.flags,
            above.state,
            above.span_id,
            False,
            self.now(),
            self._on_end,
        )

    def _start_first(
        self,
        name: str,
        above: Span,
        context: Context,
        kind: SpanKind,
        attributes: Mapping[str, AttributeValue] | None,
        links: Sequence[Link],
    ) -> Span:
        of = above.get_span_context()
        if of.is_valid and not of.is_remote:
            return NonRecordingSpan(of)
        trace_id = of.trace_id if of.is_valid else self._ids.generate_trace_id()
        decision = self._sampler.should_sample(context, trace_id, name, kind, attributes, links)
        sampled = decision.decision is Decision.RECORD_AND_SAMPLE
        # The caller alone knows whether an id that it made is random.
        flags = _SAMPLED if of.is_valid and not of.trace_flags & 2 else _SAMPLED_RANDOM
        if not sampled:
            flags = TraceFlags(flags & ~TraceFlags.SAMPLED)
        state = decision.trace_state or TraceState()
        span_id = self._ids.generate_span_id()
        if not sampled:
            return NonRecordingSpan(SpanContext(trace_id, span_id, False, flags, state))
        return RecordedSpan(
            name,
            kind,
            attributes,
            links,
            trace_id,
            span_id,
            flags,
            state,
            of.span_id,
            of.is_valid,
            self.now(),
            self._on_end,
        )
