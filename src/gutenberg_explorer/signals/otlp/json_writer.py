"""Protobuf messages written in OTLP's JSON form; `otlp_json` reads it.

Ids are hex, other bytes base64, enums and 32-bit integers numbers, 64-bit integers text
(https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
"""

import base64
import functools
import math
from collections.abc import Callable
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from gutenberg_explorer.signals.otlp.json_reader import HEX_FIELDS
from gutenberg_explorer.signals.traces.model import StoredTrace

_WIDE = frozenset(
    {
        FieldDescriptor.TYPE_INT64,
        FieldDescriptor.TYPE_SINT64,
        FieldDescriptor.TYPE_SFIXED64,
        FieldDescriptor.TYPE_UINT64,
        FieldDescriptor.TYPE_FIXED64,
    }
)


def to_otlp(trace: StoredTrace) -> dict[str, Any]:
    """Return the trace as a TracesData, which is also what an export request holds."""
    return {"resourceSpans": [to_form(one) for one in trace.resource_spans]}


def to_form(message: Message) -> dict[str, Any]:
    """Return the fields of `message` that are set."""
    fields = _fields(message.DESCRIPTOR)
    document: dict[str, Any] = {}
    for field, value in message.ListFields():
        name, write = fields[field.number]
        document[name] = [write(item) for item in value] if field.is_repeated else write(value)
    return document


@functools.cache
def _fields(descriptor: Descriptor) -> dict[int, tuple[str, Callable[[Any], Any]]]:
    return {field.number: (str(field.json_name), _writer(field)) for field in descriptor.fields}


def _writer(field: FieldDescriptor) -> Callable[[Any], Any]:
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return to_form
    if field.type == FieldDescriptor.TYPE_BYTES:
        return bytes.hex if field.name in HEX_FIELDS else _base64
    if field.type == FieldDescriptor.TYPE_DOUBLE:
        return _double
    return str if field.type in _WIDE else _as_it_is


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _double(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _as_it_is(value: Any) -> Any:
    return value
