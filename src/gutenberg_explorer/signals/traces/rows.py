"""Spans on their way into the store's tables."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans

from gutenberg_explorer.signals.receiver.bounds import SPAN_ID_BYTES, TRACE_ID_BYTES, valid_id
from gutenberg_explorer.signals.service import UNKNOWN_SERVICE, usable_name
from gutenberg_explorer.signals.traces.span_fields import has_error

MAX_INTEGER: Final = 2**63 - 1
"""SQLite's largest; the spans' own bytes keep larger times as they are."""

_KEPT_NAME_CHARS = 1_024


@dataclass(frozen=True, slots=True)
class Origin:
    """Where spans come from: one resource and one scope, as a ResourceSpans without spans."""

    digest: bytes
    service: str
    data: bytes


@dataclass(slots=True)
class SpanRow:
    """A span's columns, but for its trace's."""

    span_id: bytes
    origin: Origin
    name: str
    kind: int
    start_ns: int
    end_ns: int
    error: bool
    data: bytes


@dataclass(slots=True)
class Batch:
    """The spans of one `add`, by trace."""

    traces: dict[bytes, list[SpanRow]] = field(default_factory=dict)

    @classmethod
    def of(cls, resource_spans: Iterable[ResourceSpans]) -> "Batch":
        """Return the spans that have valid ids; the others are passed over."""
        batch = cls()
        for one in resource_spans:
            for scope_spans in one.scope_spans:
                if scope_spans.spans:
                    batch._take(scope_spans, _origin(one, scope_spans))
        return batch

    def _take(self, scope_spans: ScopeSpans, origin: Origin) -> None:
        for span in scope_spans.spans:
            trace_id, span_id = span.trace_id, span.span_id
            if not valid_id(trace_id, TRACE_ID_BYTES) or not valid_id(span_id, SPAN_ID_BYTES):
                continue
            row = SpanRow(
                span_id,
                origin,
                span.name[:_KEPT_NAME_CHARS],
                span.kind,
                min(span.start_time_unix_nano, MAX_INTEGER),
                min(span.end_time_unix_nano, MAX_INTEGER),
                has_error(span),
                span.SerializeToString(),
            )
            self.traces.setdefault(trace_id, []).append(row)


def _origin(resource_spans: ResourceSpans, scope_spans: ScopeSpans) -> Origin:
    bare = ResourceSpans(schema_url=resource_spans.schema_url)
    if resource_spans.HasField("resource"):
        bare.resource.CopyFrom(resource_spans.resource)
    scope = bare.scope_spans.add()
    scope.schema_url = scope_spans.schema_url
    if scope_spans.HasField("scope"):
        scope.scope.CopyFrom(scope_spans.scope)
    data = bare.SerializeToString()
    return Origin(
        hashlib.blake2b(data, digest_size=16).digest(), service_name(resource_spans), data
    )


def service_name(resource_spans: ResourceSpans) -> str:
    """Return the name of the service that the spans are of, or UNKNOWN_SERVICE."""
    return usable_name(resource_spans.resource) or UNKNOWN_SERVICE
