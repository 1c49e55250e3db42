"""Where the spans of OTLP/JSON are in the text, found without making anything of them.

What Python makes of JSON takes up to thirty times its text, so a large text is read span by span.
"""

import json
import re
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn

from gutenberg_explorer.signals.errors import MalformedError, TooLargeError
from gutenberg_explorer.signals.otlp.json_reader import refuse_constant

_SPACE: Final = re.compile(r"[ \t\n\r]*+")
# An end that is missing is part of the match: nothing is looked through twice.
_STRING: Final = re.compile(r'"(?:[^"\\]++|\\.?)*+("?)', re.DOTALL)
_MARK: Final = re.compile(r'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.?)*+"?)*+([\[\]{}]?)', re.DOTALL)
_SCALAR: Final = re.compile(r"[^\s,\[\]{}:\"]++")

_Handler = Callable[[int], int]


_DECODER: Final = json.JSONDecoder(parse_constant=refuse_constant)


@dataclass(slots=True)
class Slices:
    """Values of an array by where they begin and end."""

    bounds: "array[int]" = field(default_factory=lambda: array("Q"))

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Yield each value's beginning and end."""
        return zip(self.bounds[::2], self.bounds[1::2], strict=True)


Members = dict[str, tuple[int, int]]
"""Values of an object by their keys."""


@dataclass(slots=True)
class ScopeOutline:
    """A ScopeSpans: its own members, and where its spans are."""

    members: Members = field(default_factory=dict)
    spans: Slices = field(default_factory=Slices)


@dataclass(slots=True)
class ResourceOutline:
    """A ResourceSpans: its own members, and its scopes."""

    members: Members = field(default_factory=dict)
    scopes: list[ScopeOutline] = field(default_factory=list)


def value_at(text: str, start: int, end: int) -> object:
    """Return the JSON value in `text[start:end]`. Raises ValueError or RecursionError."""
    value, found = _DECODER.raw_decode(text, start)
    if found != end:
        raise ValueError
    return value


class JsonOutline:
    """Goes through the text of a request down to its spans, which are passed over."""

    def __init__(self, text: str, max_items: int) -> None:
        self._text = text
        self._max_items = max_items
        self._items = 0

    def resources(self) -> list[ResourceOutline]:
        """Return the outline. Raises MalformedError or TooLargeError."""
        found: list[ResourceOutline] = []

        def resource(at: int) -> int:
            found.append(ResourceOutline())
            return self._resource(at, found[-1])

        end = self._object(
            self._space(0), {"resourceSpans": lambda at: self._array(at, resource)}, {}
        )
        if self._space(end) != len(self._text):
            self._fail(end)
        return found

    def _resource(self, at: int, outline: ResourceOutline) -> int:
        def scope(at: int) -> int:
            outline.scopes.append(ScopeOutline())
            return self._scope(at, outline.scopes[-1])

        return self._object(at, {"scopeSpans": lambda at: self._array(at, scope)}, outline.members)

    def _scope(self, at: int, outline: ScopeOutline) -> int:
        def span(at: int) -> int:
            end = self._end(at)
            outline.spans.bounds.extend((at, end))
            return end

        return self._object(at, {"spans": lambda at: self._array(at, span)}, outline.members)

    def _object(self, at: int, handlers: Mapping[str, _Handler], members: Members) -> int:
        """Go through the object at `at`, note the members without a handler; return its end."""
        text = self._text
        if text[at : at + 1] != "{":
            self._fail(at)
        at = self._space(at + 1)
        if text[at : at + 1] == "}":
            return at + 1
        while True:
            self._count()
            key, at = self._key(at)
            at = self._space(self._past(":", self._space(at)))
            start = at
            if key in handlers and not text.startswith("null", at):
                at = handlers[key](at)
            else:
                at = self._end(at)
                members[key] = start, at
            at = self._space(at)
            if text[at : at + 1] == "}":
                return at + 1
            at = self._space(self._past(",", at))

    def _array(self, at: int, handle: _Handler) -> int:
        """Have each value of the array at `at` handled; return its end."""
        text = self._text
        if text[at : at + 1] != "[":
            self._fail(at)
        at = self._space(at + 1)
        if text[at : at + 1] == "]":
            return at + 1
        while True:
            self._count()
            at = self._space(handle(at))
            if text[at : at + 1] == "]":
                return at + 1
            at = self._space(self._past(",", at))

    def _key(self, at: int) -> tuple[str, int]:
        end = self._past_string(at)
        # No field has a longer name, or one with escapes.
        return (self._text[at + 1 : end - 1] if end - at < 64 else ""), end

    def _end(self, at: int) -> int:
        """Return where the value at `at` ends, if it is one."""
        first = self._text[at : at + 1]
        if first == '"':
            return self._past_string(at)
        if first in ("{", "["):
            return self._past_brackets(at)
        match = _SCALAR.match(self._text, at)
        return match.end() if match else self._fail(at)

    def _past_string(self, at: int) -> int:
        match = _STRING.match(self._text, at)
        return match.end() if match and match[1] else self._fail(at)

    def _past_brackets(self, at: int) -> int:
        depth = 0
        for mark in _MARK.finditer(self._text, at):
            sign = mark[1]
            if sign == "{" or sign == "[":  # noqa: PLR1714 - a third faster
                depth += 1
            elif sign:
                depth -= 1
                if not depth:
                    return mark.end()
        return self._fail(at)

    def _space(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        assert match is not None
        return match.end()

    def _past(self, sign: str, at: int) -> int:
        if self._text[at : at + 1] != sign:
            self._fail(at)
        return at + 1

    def _count(self) -> None:
        self._items += 1
        if self._items > self._max_items:
            raise TooLargeError(f"more than {self._max_items} resources, scopes and spans")

    def _fail(self, at: int) -> NoReturn:
        raise MalformedError(f"not the JSON of an export request at character {at}")
