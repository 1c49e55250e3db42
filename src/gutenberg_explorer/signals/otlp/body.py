"""The body of an OTLP/HTTP request, decoded: protobuf or JSON, plain or gzip."""

import zlib
from collections.abc import Iterator
from typing import Final

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer.signals.errors import (
    MalformedError,
    TooLargeError,
    UnsupportedMediaError,
)
from gutenberg_explorer.signals.otlp.json_parts import read_json
from gutenberg_explorer.signals.otlp.limits import DecodeLimits
from gutenberg_explorer.signals.otlp.protobuf_reader import read_protobuf
from gutenberg_explorer.signals.outcome import Outcome

PROTOBUF: Final = "application/x-protobuf"
JSON: Final = "application/json"

_GZIP_WINDOW = 31
_MAX_GZIP_MEMBERS = 64


def media_type(content_type: str, content_encoding: str) -> str:
    """Return PROTOBUF or JSON; raise UnsupportedMediaError for any other type or encoding."""
    media = content_type.partition(";")[0].strip().lower()
    if media not in (PROTOBUF, JSON):
        raise UnsupportedMediaError(f"the Content-Type must be {PROTOBUF} or {JSON}")
    if content_encoding.strip().lower() not in ("", "identity", "gzip"):
        raise UnsupportedMediaError("the Content-Encoding must be gzip, identity or none")
    return media


def decode(
    body: bytearray,
    content_type: str,
    content_encoding: str,
    limits: DecodeLimits,
    outcome: Outcome,
) -> Iterator[list[ResourceSpans]]:
    """Yield the spans of the export request in `body`, in parts that take little memory each.

    `body` is emptied. Spans that can't be decoded, or are too many, are left out and counted in
    `outcome`. Raises UnsupportedMediaError, TooLargeError or MalformedError before anything is
    yielded, and MalformedError when there are spans and none of them can be decoded.
    """
    media = media_type(content_type, content_encoding)
    if content_encoding.strip().lower() == "gzip":
        plain = _gunzip(body, limits.max_bytes)
        body.clear()
        body = plain
    elif len(body) > limits.max_bytes:
        raise TooLargeError(f"the body is larger than {limits.max_bytes} bytes")
    read = read_protobuf if media == PROTOBUF else read_json
    nothing = True
    for part in read(body, limits, outcome):
        nothing = False
        yield part
    if nothing and outcome.rejected:
        raise MalformedError(outcome.message)


def _gunzip(body: bytearray, max_bytes: int) -> bytearray:
    plain = bytearray()
    room = max_bytes
    rest: bytes | bytearray = body
    for _ in range(_MAX_GZIP_MEMBERS):
        member = zlib.decompressobj(_GZIP_WINDOW)
        try:
            # One byte more than there is room for, so that a full body can be told from too much.
            part = member.decompress(rest, room + 1)
        except zlib.error:
            raise MalformedError("the body is not gzip") from None
        if len(part) > room:
            raise TooLargeError(f"the body decompresses to more than {max_bytes} bytes")
        if not member.eof:
            raise MalformedError("the gzip body is truncated")
        plain += part
        room -= len(part)
        rest = member.unused_data
        if not rest:
            return plain
    raise MalformedError("the gzip body has too many members")
