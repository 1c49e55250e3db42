"""A look at a protobuf body's outline before it is parsed."""

from collections.abc import Iterator

from gutenberg_explorer.signals.errors import MalformedError

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_RESOURCE_SPANS, _SCOPE_SPANS, _SPANS = 1, 2, 2


def bound_spans(body: bytes, limit: int) -> None:
    """Raise MalformedError when `body`, an export request, holds more than `limit` spans.

    An empty span takes two bytes on the wire and some 170 in memory, so they are counted first.
    Resources and scopes count too.
    """
    count = 0
    whole = memoryview(body)
    for resource_spans in _children(whole, _RESOURCE_SPANS):
        count += 1
        for scope_spans in _children(resource_spans, _SCOPE_SPANS):
            count += 1
            for _ in _children(scope_spans, _SPANS):
                count += 1
                if count > 3 * limit:
                    raise MalformedError(f"more than {limit} spans")
        if count > 3 * limit:
            raise MalformedError(f"more than {limit} spans")


def _children(data: memoryview, wanted: int) -> Iterator[memoryview]:
    """Yield the length-delimited values of field number `wanted`."""
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        wire_type = key & 7
        if wire_type == _VARINT:
            _, at = _varint(data, at)
        elif wire_type == _FIXED64:
            at += 8
        elif wire_type == _FIXED32:
            at += 4
        elif wire_type == _BYTES:
            length, at = _varint(data, at)
            if at + length > end:
                raise MalformedError("the protobuf message is truncated")
            if key >> 3 == wanted:
                yield data[at : at + length]
            at += length
        else:
            raise MalformedError("not a protobuf message")
    if at > end:
        raise MalformedError("the protobuf message is truncated")


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise MalformedError("not a protobuf message")
