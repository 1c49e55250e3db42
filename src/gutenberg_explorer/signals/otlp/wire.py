"""The outline of a protobuf body, read before anything of it is parsed.

An empty message takes two bytes on the wire and up to 170 in memory.
Format: https://protobuf.dev/programming-guides/encoding.
"""

from collections.abc import Iterator
from typing import Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from gutenberg_explorer.signals.errors import MalformedError

Bytes = bytes | bytearray
Field = tuple[int, int, int, int]
"""A field's number, where it begins, where its value begins, and where it ends."""

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_MAX_VARINT_BITS: Final = 70
_NONSENSE = "not a protobuf message"


def fields(data: Bytes, at: int, end: int) -> Iterator[Field]:
    """Yield the fields of the message in `data[at:end]`. Those without a length have number 0.

    Raises MalformedError when it is no message.
    """
    while at < end:
        start = at
        key = data[at]
        at += 1
        if key >= 0x80:
            key, at = _varint(data, start, end)
        if key & 7 == _LENGTH:
            length, at = _varint(data, at, end)
            value, number = at, key >> 3
            at += length
        else:
            value, number = at, 0
            at = _past_number(data, at, end, key & 7)
        if at > end:
            raise MalformedError("the protobuf message is truncated")
        yield number, start, value, at


def _past_number(data: Bytes, at: int, end: int, kind: int) -> int:
    if kind == _VARINT:
        return _varint(data, at, end)[1]
    if kind == _FIXED64:
        return at + 8
    if kind == _FIXED32:
        return at + 4
    raise MalformedError(_NONSENSE)


def has_more_fields(data: Bytes, at: int, end: int, descriptor: Descriptor, limit: int) -> bool:
    """Return whether the message of that type has more than `limit` fields, nested ones included.

    Raises MalformedError when it is no message.
    """
    count = 0
    waiting = [(at, end, descriptor)]
    while waiting:
        at, end, descriptor = waiting.pop()
        inner = _messages(descriptor)
        for number, _, value, stop in fields(data, at, end):
            count += 1
            if count > limit:
                return True
            if (child := inner.get(number)) is not None:
                waiting.append((value, stop, child))
    return False


def _messages(descriptor: Descriptor) -> dict[int, Descriptor]:
    found = _known.get(descriptor.full_name)
    if found is None:
        found = _known[descriptor.full_name] = {
            field.number: field.message_type
            for field in descriptor.fields
            if field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type is not None
        }
    return found


_known: Final[dict[str, dict[int, Descriptor]]] = {}


def _varint(data: Bytes, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while at < end and shift < _MAX_VARINT_BITS:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise MalformedError(_NONSENSE)
