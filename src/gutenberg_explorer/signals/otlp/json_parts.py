"""A JSON body, read part by part."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from google.protobuf.message import Message
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans

from gutenberg_explorer.signals.errors import MalformedError, TooLargeError
from gutenberg_explorer.signals.otlp.json_outline import JsonOutline, value_at
from gutenberg_explorer.signals.otlp.json_reader import JsonFormError, fill, refuse_constant
from gutenberg_explorer.signals.otlp.limits import DecodeLimits
from gutenberg_explorer.signals.otlp.protobuf_reader import BEYOND, TOO_MANY_PIECES
from gutenberg_explorer.signals.outcome import Outcome

# A text that is made something of at once takes a hundred bytes for each of its pieces.
_SMALL_TEXT: Final = 4 * 1024 * 1024
# Of a body's bytes, how many may open an object or an array: one in ten, where senders have one in
# twenty or fewer.
_MARKS_SHARE: Final = 10
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)

_OWN: Final = ("resource", "scope", "schemaUrl")
_DECODER: Final = json.JSONDecoder(parse_constant=refuse_constant)

_V = TypeVar("_V")


@dataclass(slots=True)
class _Scope(Generic[_V]):
    own: dict[str, _V]
    spans: Iterable[_V]


@dataclass(slots=True)
class _Resource(Generic[_V]):
    own: dict[str, _V]
    scopes: list[_Scope[_V]]


class _Source(Protocol[_V]):
    """Where the values of a text come from."""

    def resources(self) -> list[_Resource[_V]]:
        """Return the outline. Raises MalformedError or TooLargeError."""

    def load(self, value: _V) -> tuple[object, int]:
        """Return a value and how much of a part it takes. Raises JsonFormError."""


def _marks(text: str) -> int:
    return text.count("{") + text.count("[")


def read_json(
    body: bytearray, limits: DecodeLimits, outcome: Outcome
) -> Iterator[list[ResourceSpans]]:
    """Yield the spans of an export request under their resources and scopes, in parts.

    `body` is emptied. Raises MalformedError when it is not the JSON of a request, and TooLargeError
    when it has too many parts, both before anything is yielded. A span that can't be read is left
    out.
    """
    # What is not UTF-8 stands in the text as lone surrogates, which no field takes.
    text = body.decode("utf-8", "surrogateescape")
    body.clear()
    most = limits.max_bytes // _MARKS_SHARE
    # A long text of brackets opens nothing.
    if _marks(text) > most and _marks(_STRING.sub("", text)) > most:
        raise TooLargeError("the JSON has too many objects and arrays")
    is_broken = False
    if len(text) <= _SMALL_TEXT and not _has_more_pieces(text, 0, len(text), limits.max_pieces):
        try:
            whole = _InMemory(_DECODER.decode(text))
        except (ValueError, RecursionError):
            is_broken = True  # One of its spans may be the reason, and then the others are good.
        else:
            yield from _Reader(whole, limits, outcome).parts()
            return
    for part in _Reader(_InText(text, limits), limits, outcome).parts():
        is_broken = False
        yield part
    if is_broken:
        raise MalformedError(outcome.message or "the body is not JSON")


def _has_more_pieces(text: str, start: int, end: int, most: int) -> bool:
    """Return whether there are more than `most` elements and members; texts do not count."""
    if sum(text.count(sign, start, end) for sign in ",{[") <= most:
        return False
    bare = _STRING.sub("", text[start:end])
    return sum(bare.count(sign) for sign in ",{[") > most


class _InMemory:
    """All values of a text, made at once."""

    def __init__(self, document: object) -> None:
        self._document = document

    def resources(self) -> list[_Resource[object]]:
        return [
            _Resource(
                _own(resource),
                [
                    _Scope(_own(scope), _array(scope, "spans"))
                    for scope in map(_object, _array(resource, "scopeSpans"))
                ],
            )
            for resource in map(_object, _array(_object(self._document), "resourceSpans"))
        ]

    def load(self, value: object) -> tuple[object, int]:
        return value, 0


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise MalformedError("a request, a resource's spans and a scope's spans are objects")
    return value


def _array(holder: dict[str, object], key: str) -> list[object]:
    found = holder.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise MalformedError(f"{key} has to be an array")
    return found


def _own(holder: dict[str, object]) -> dict[str, object]:
    return {key: holder[key] for key in _OWN if key in holder}


class _InText:
    """Values that are made one after another; a value is its beginning and its end."""

    def __init__(self, text: str, limits: DecodeLimits) -> None:
        self._text = text
        self._limits = limits

    def resources(self) -> list[_Resource[tuple[int, int]]]:
        return [
            _Resource(one.members, [_Scope(each.members, each.spans) for each in one.scopes])
            for one in JsonOutline(self._text, self._limits.max_items).resources()
        ]

    def load(self, value: tuple[int, int]) -> tuple[object, int]:
        start, end = value
        if end - start > self._limits.max_pieces and _has_more_pieces(
            self._text, start, end, self._limits.max_pieces
        ):
            raise JsonFormError(TOO_MANY_PIECES)
        try:
            return value_at(self._text, start, end), end - start
        except (ValueError, RecursionError):
            raise JsonFormError("is not JSON") from None


class _Reader(Generic[_V]):
    def __init__(self, source: _Source[_V], limits: DecodeLimits, outcome: Outcome) -> None:
        self._source = source
        self._limits = limits
        self._outcome = outcome
        self._room = limits.max_spans
        self._size = 0

    def parts(self) -> Iterator[list[ResourceSpans]]:
        part: list[ResourceSpans] = []
        for resource in self._source.resources():
            for one in self._split(resource):
                part.append(one)
                if self._size >= self._limits.part_bytes:
                    yield part
                    part, self._size = [], 0
        if part:
            yield part

    def _split(self, resource: _Resource[_V]) -> Iterator[ResourceSpans]:
        """Yield the resource's spans, in several parts where there are many."""
        head = ResourceSpans()
        problem = self._fill(head, resource.own)
        whole = ResourceSpans()
        for scope in resource.scopes:
            scope_head = ScopeSpans()
            wrong = problem or self._fill(scope_head, scope.own)
            open_scope: ScopeSpans | None = None
            for value in scope.spans:
                if not self._has_room():
                    continue
                if wrong:
                    self._outcome.leave_out(wrong)
                    continue
                if open_scope is None:
                    if not whole.scope_spans:
                        whole.CopyFrom(head)
                    open_scope = whole.scope_spans.add()
                    open_scope.CopyFrom(scope_head)
                self._add(open_scope, value)
                if self._size >= self._limits.part_bytes:
                    yield whole
                    whole, open_scope = ResourceSpans(), None
            if open_scope is not None and not open_scope.spans:
                del whole.scope_spans[-1]
        if whole.scope_spans:
            yield whole

    def _has_room(self) -> bool:
        if not self._room:
            self._outcome.leave_out(BEYOND.format(self._limits.max_spans))
            return False
        self._room -= 1
        return True

    def _fill(self, message: Message, own: dict[str, _V]) -> str:
        """Fill `message` with the own members of a resource or a scope; return what is wrong."""
        document = {}
        try:
            for key in _OWN:
                if key in own:
                    document[key], size = self._source.load(own[key])
                    self._size += size
            fill(message, document)
        except JsonFormError as error:
            return str(error)
        return ""

    def _add(self, scope_spans: ScopeSpans, value: _V) -> None:
        span = scope_spans.spans.add()
        try:
            document, size = self._source.load(value)
            self._size += size
            fill(span, document)
        except JsonFormError as error:
            del scope_spans.spans[-1]
            self._outcome.leave_out(str(error))
