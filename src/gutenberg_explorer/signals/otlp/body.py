"""The body of an OTLP/HTTP request, decoded: protobuf or JSON, plain or gzip."""

import zlib
from typing import Final

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from gutenberg_explorer.signals.errors import (
    MalformedError,
    TooLargeError,
    UnsupportedMediaError,
)
from gutenberg_explorer.signals.otlp import json_reader, wire

PROTOBUF: Final = "application/x-protobuf"
JSON: Final = "application/json"
MAX_DECODED_BYTES: Final = 8 * 1024 * 1024
MAX_DECODED_SPANS: Final = 10_000

_ITEMS_PER_SPAN = 50
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
    body: bytes,
    content_type: str,
    content_encoding: str,
    *,
    max_bytes: int = MAX_DECODED_BYTES,
    max_spans: int = MAX_DECODED_SPANS,
) -> ExportTraceServiceRequest:
    """Return the export request in `body`.

    `max_bytes` bounds the decompressed body, and is enforced while decompressing.
    Raises UnsupportedMediaError, TooLargeError or MalformedError.
    """
    media = media_type(content_type, content_encoding)
    if content_encoding.strip().lower() == "gzip":
        body = _gunzip(body, max_bytes)
    elif len(body) > max_bytes:
        raise TooLargeError(f"the body is larger than {max_bytes} bytes")
    request = ExportTraceServiceRequest()
    if media == PROTOBUF:
        wire.bound_spans(body, max_spans)
        try:
            request.ParseFromString(body)
        except DecodeError:
            raise MalformedError("the body is not an OTLP export request") from None
        return request
    try:
        json_reader.parse(body.decode("utf-8"), request, max_items=_ITEMS_PER_SPAN * max_spans)
    except UnicodeDecodeError:
        raise MalformedError("the body is not UTF-8") from None
    except json_reader.JsonFormError as error:
        raise MalformedError(str(error)) from None
    return request


def _gunzip(body: bytes, max_bytes: int) -> bytes:
    parts: list[bytes] = []
    room = max_bytes
    rest = body
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
        parts.append(part)
        room -= len(part)
        rest = member.unused_data
        if not rest:
            return b"".join(parts)
    raise MalformedError("the gzip body has too many members")
