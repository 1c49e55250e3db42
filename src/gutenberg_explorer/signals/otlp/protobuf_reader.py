"""A protobuf body, parsed part by part."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from gutenberg_explorer.signals.errors import MalformedError, TooLargeError
from gutenberg_explorer.signals.otlp.limits import DecodeLimits
from gutenberg_explorer.signals.otlp.wire import Bytes, fields, has_more_fields
from gutenberg_explorer.signals.outcome import Outcome

_RESOURCE_SPANS = 1
_CHILDREN = 2
"""The scopes of a resource, and the spans of a scope."""
_OWN = 1
"""The resource itself, or the scope itself."""
_SCHEMA_URL = 3

TOO_MANY_PIECES: Final = "the span, its scope or its resource has too many values"
BEYOND: Final = "the request has more than {} spans"
UNREADABLE: Final = "the span, its scope or its resource can't be decoded"

_Range = tuple[int, int]
_M = TypeVar("_M", bound=Message)


def read_protobuf(
    body: Bytes, limits: DecodeLimits, outcome: Outcome
) -> Iterator[list[ResourceSpans]]:
    """Yield the spans of an export request under their resources and scopes, in parts.

    Raises MalformedError when the outline of `body` is no request's, and TooLargeError when it has
    too many parts, both before anything is yielded. A span that can't be decoded is left out.
    """
    spans = _count_spans(body, limits)
    if len(body) <= limits.part_bytes and spans <= limits.max_spans:
        try:
            yield list(ExportTraceServiceRequest.FromString(bytes(body)).resource_spans)
        except DecodeError:
            pass
        else:
            return
    yield from _Reader(body, limits, outcome).parts()


def _count_spans(body: Bytes, limits: DecodeLimits) -> int:
    """Return how many spans there are, after a look at every field above them."""
    seen = spans = 0

    def see() -> None:
        nonlocal seen
        seen += 1
        if seen > limits.max_items:
            raise TooLargeError(f"more than {limits.max_items} resources, scopes and spans")

    for group, _, at, end in fields(body, 0, len(body)):
        see()
        if group != _RESOURCE_SPANS:
            continue
        for scoped, _, start, stop in fields(body, at, end):
            see()
            if scoped != _CHILDREN:
                continue
            for number, _, _, _ in fields(body, start, stop):
                see()
                spans += number == _CHILDREN
    return spans


@dataclass(slots=True)
class _Part:
    """What is parsed at once: a ResourceSpans in the making."""

    resource: list[_Range]
    scopes: list[tuple[list[_Range], list[_Range]]] = field(default_factory=list)
    bytes: int = 0


class _Reader:
    def __init__(self, body: Bytes, limits: DecodeLimits, outcome: Outcome) -> None:
        self._body = body
        self._limits = limits
        self._outcome = outcome
        self._room = limits.max_spans

    def parts(self) -> Iterator[list[ResourceSpans]]:
        """Yield parts of about as many bytes as the limits say."""
        body = self._body
        parsed: list[ResourceSpans] = []
        size = 0
        for group, _, at, end in fields(body, 0, len(body)):
            if group != _RESOURCE_SPANS:
                continue
            for part in self._split(at, end):
                if (one := self._parsed(part)) is None:
                    continue
                parsed.append(one)
                size += part.bytes + _size(part.resource)
                if size >= self._limits.part_bytes:
                    yield parsed
                    parsed, size = [], 0
        if parsed:
            yield parsed

    def _split(self, at: int, end: int) -> Iterator[_Part]:
        """Yield a ResourceSpans in parts; each has the resource, and its spans have their scopes.

        Only what has not been in a part before counts towards its size, so that a large resource
        does not make as many parts as it has spans.
        """
        body = self._body
        resource = _own_fields(body, at, end)
        readable = self._is_small(resource, Resource.DESCRIPTOR)
        part = _Part(resource)
        for scoped, _, start, stop in fields(body, at, end):
            if scoped != _CHILDREN:
                continue
            scope = _own_fields(body, start, stop)
            usable = readable and self._is_small(scope, InstrumentationScope.DESCRIPTOR)
            spans: list[_Range] = []
            part.scopes.append((scope, spans))
            part.bytes += _size(scope)
            for number, first, value, last in fields(body, start, stop):
                if number != _CHILDREN or not self._has_room():
                    continue
                if not usable or not self._has_few_pieces(value, last, Span.DESCRIPTOR):
                    self._outcome.leave_out(TOO_MANY_PIECES)
                    continue
                spans.append((first, last))
                part.bytes += last - first
                if part.bytes >= self._limits.part_bytes:
                    yield part
                    spans = []
                    part = _Part(resource, [(scope, spans)])
        yield part

    def _has_room(self) -> bool:
        if not self._room:
            self._outcome.leave_out(BEYOND.format(self._limits.max_spans))
            return False
        self._room -= 1
        return True

    def _is_small(self, own: list[_Range], descriptor: Descriptor) -> bool:
        return all(
            number != _OWN or self._has_few_pieces(value, last, descriptor)
            for start, stop in own
            for number, _, value, last in fields(self._body, start, stop)
        )

    def _has_few_pieces(self, at: int, end: int, descriptor: Descriptor) -> bool:
        if end - at <= self._limits.part_bytes:
            return True
        try:
            return not has_more_fields(self._body, at, end, descriptor, self._limits.max_pieces)
        except MalformedError:
            return True  # the parser says the same, and stops there

    def _parsed(self, part: _Part) -> ResourceSpans | None:
        if not any(spans for _, spans in part.scopes):
            return None
        body = self._body
        resource = b"".join([body[start:end] for start, end in part.resource])
        scoped = [
            b"".join([body[start:end] for start, end in (*rest, *spans)])
            for rest, spans in part.scopes
            if spans
        ]
        try:
            return ResourceSpans.FromString(
                b"".join([resource, *(_field(_CHILDREN, one) for one in scoped)])
            )
        except DecodeError:
            return self._parsed_singly(part, resource)

    def _parsed_singly(self, part: _Part, resource: bytes) -> ResourceSpans | None:
        """Return the part without the spans that can't be decoded."""
        body = self._body
        whole = _decoded(ResourceSpans, resource)
        for rest, spans in part.scopes:
            scope = _decoded(ScopeSpans, b"".join([body[start:end] for start, end in rest]))
            if whole is None or scope is None:
                self._outcome.leave_out(UNREADABLE, len(spans))
                continue
            for start, end in spans:
                one = _decoded(ScopeSpans, bytes(body[start:end]))
                if one is None:
                    self._outcome.leave_out(UNREADABLE)
                else:
                    scope.spans.extend(one.spans)
            if scope.spans:
                whole.scope_spans.append(scope)
        return whole if whole is not None and whole.scope_spans else None


def _decoded(kind: type[_M], encoded: bytes) -> _M | None:
    try:
        return kind.FromString(encoded)
    except DecodeError:
        return None


def _own_fields(body: Bytes, at: int, end: int) -> list[_Range]:
    """Return where a resource or a scope, and its schema's address, are."""
    found: list[_Range] = []
    for number, start, _, stop in fields(body, at, end):
        if number not in (_OWN, _SCHEMA_URL):
            continue
        if found and found[-1][1] == start:
            found[-1] = found[-1][0], stop
        else:
            found.append((start, stop))
    return found


def _size(ranges: list[_Range]) -> int:
    return sum(end - start for start, end in ranges)


def _field(number: int, value: bytes) -> bytes:
    length, prefix = len(value), bytearray([number << 3 | 2])
    while length > 0x7F:
        prefix.append(length & 0x7F | 0x80)
        length >>= 7
    prefix.append(length)
    return bytes(prefix) + value
