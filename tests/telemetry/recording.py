"""Recorded spans for tests: whole traces, with fixed ids and a fixed clock."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span
from opentelemetry.sdk.trace.id_generator import IdGenerator

from gutenberg_explorer import telemetry
from gutenberg_explorer.telemetry import Tracing


class CountingIds(IdGenerator):
    """1, 2, 3, … for traces and for spans."""

    def __init__(self) -> None:
        self._traces = itertools.count(1)
        self._spans = itertools.count(1)

    def generate_trace_id(self) -> int:
        return next(self._traces)

    def generate_span_id(self) -> int:
        return next(self._spans)


def counting_clock() -> Any:
    """Return a clock that is one microsecond later whenever it is asked."""
    return itertools.count(1_000_000_000_000_000, 1_000).__next__


@dataclass
class Recorder:
    """Keeps all spans that are handed to it."""

    resource_spans: list[ResourceSpans] = field(default_factory=list)
    tracing: Tracing | None = None

    def add(self, resource_spans: Iterable[ResourceSpans]) -> None:
        self.resource_spans.extend(resource_spans)

    @property
    def spans(self) -> list[Span]:
        """All spans in the order of their starts."""
        assert self.tracing is not None
        self.tracing.flush()
        found = [s for r in self.resource_spans for scope in r.scope_spans for s in scope.spans]
        return sorted(found, key=lambda s: s.start_time_unix_nano)

    def tree(self, trace_id: bytes | None = None) -> list[Any]:
        """Return the spans as nested lists, `[name, [children]]`, in the order of their starts."""
        spans = [s for s in self.spans if trace_id in (None, s.trace_id)]
        ids = {s.span_id for s in spans}

        def below(parent: bytes | None) -> list[Any]:
            return [
                [s.name, below(s.span_id)]
                for s in spans
                if (s.parent_span_id if s.parent_span_id in ids else None) == parent
            ]

        return below(None)


def attributes(span: Span) -> dict[str, Any]:
    """Return a span's attributes as plain values."""
    return {
        pair.key: getattr(pair.value, pair.value.WhichOneof("value") or "string_value")
        for pair in span.attributes
    }


@contextmanager
def recording(**changes: Any) -> Iterator[Recorder]:
    """Record all spans that are opened in a `with` block."""
    recorder = Recorder()
    changes = {"ids": CountingIds(), "clock": counting_clock(), **changes}
    recorder.tracing = telemetry.start("1.2.3", recorder.add, **changes)
    try:
        yield recorder
    finally:
        recorder.tracing.shutdown()
