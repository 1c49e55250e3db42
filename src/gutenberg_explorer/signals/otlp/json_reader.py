"""OTLP's JSON form, read into protobuf messages.

protobuf's own `json_format` reads ids as base64 and takes the names of enums; OTLP wants hex ids
and integer enums (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
"""

import base64
import functools
import math
import re
from collections.abc import Callable
from typing import Any, Final, NoReturn

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

MAX_DEPTH: Final = 64
"""Messages inside messages; protobuf's binary form stops at 100."""

HEX_FIELDS: Final = frozenset({"trace_id", "span_id", "parent_span_id"})
"""The bytes that are written in hex."""

_INTEGER: Final = re.compile(r"-?[0-9]{1,20}", re.ASCII)
_SPECIAL_FLOATS: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_SIGNED_32: Final = (-(2**31), 2**31 - 1)
_SIGNED_64: Final = (-(2**63), 2**63 - 1)
_RANGES: Final = {
    FieldDescriptor.TYPE_INT32: _SIGNED_32,
    FieldDescriptor.TYPE_SINT32: _SIGNED_32,
    FieldDescriptor.TYPE_SFIXED32: _SIGNED_32,
    FieldDescriptor.TYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.TYPE_FIXED32: (0, 2**32 - 1),
    FieldDescriptor.TYPE_INT64: _SIGNED_64,
    FieldDescriptor.TYPE_SINT64: _SIGNED_64,
    FieldDescriptor.TYPE_SFIXED64: _SIGNED_64,
    FieldDescriptor.TYPE_UINT64: (0, 2**64 - 1),
    FieldDescriptor.TYPE_FIXED64: (0, 2**64 - 1),
}

_Reader = Callable[[Any], Any]


class JsonFormError(ValueError):
    """The text is not JSON, or not the JSON of the message that was asked for."""


def fill(message: Message, document: Any, depth: int = MAX_DEPTH) -> None:
    """Fill `message` from OTLP/JSON; keys that it has no field for are passed over.

    Raises JsonFormError, with a message that quotes none of the values.
    """
    if not isinstance(document, dict):
        raise JsonFormError(f"{message.DESCRIPTOR.name} has to be an object")
    if not depth:
        raise JsonFormError("the JSON is nested too deeply")
    fields = _fields(message.DESCRIPTOR)
    for key, value in document.items():
        found = fields.get(key)
        if found is None or value is None:
            continue
        name, repeated, read = found
        if repeated:
            _fill_array(getattr(message, name), key, value, read, depth)
        elif read is None:
            child = getattr(message, name)
            child.SetInParent()
            fill(child, value, depth - 1)
        else:
            setattr(message, name, _checked(read, value, key))


def refuse_constant(_: str) -> NoReturn:
    """Raise JsonFormError: Python's parser takes NaN and Infinity for numbers."""
    raise JsonFormError("NaN and Infinity are not JSON")


def _fill_array(items: Any, key: str, value: Any, read: _Reader | None, depth: int) -> None:
    if not isinstance(value, list):
        raise JsonFormError(f"{key} has to be an array")
    if read is None:
        for item in value:
            fill(items.add(), item, depth - 1)
    else:
        items.extend([_checked(read, item, key) for item in value])


def _checked(read: _Reader, value: Any, key: str) -> Any:
    try:
        return read(value)
    except (ValueError, TypeError) as error:
        reason = error if isinstance(error, JsonFormError) else "has a value that does not fit"
        raise JsonFormError(f"{key} {reason}") from None


@functools.cache
def _fields(descriptor: Descriptor) -> dict[str, tuple[str, bool, _Reader | None]]:
    """Return each JSON key's field name, whether it repeats, and its reader (None: a message)."""
    return {
        str(field.json_name): (field.name, bool(field.is_repeated), _reader(field))
        for field in descriptor.fields
    }


def _reader(field: FieldDescriptor) -> _Reader | None:
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return None
    if field.type == FieldDescriptor.TYPE_STRING:
        return _string
    if field.type == FieldDescriptor.TYPE_BOOL:
        return _boolean
    if field.type == FieldDescriptor.TYPE_BYTES:
        return _hex if field.name in HEX_FIELDS else _base64
    if field.type == FieldDescriptor.TYPE_ENUM:
        return _enum
    if field.type in _RANGES:
        return functools.partial(_integer, *_RANGES[field.type])
    return _double


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise JsonFormError("must be a string")
    value.encode()  # A lone surrogate is JSON, but no text.
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise JsonFormError("must be true or false")
    return value


def _hex(value: Any) -> bytes:
    text = _string(value)
    if not text.isascii() or any(c.isspace() for c in text):
        raise JsonFormError("must be hexadecimal")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise JsonFormError("must be hexadecimal") from None


def _base64(value: Any) -> bytes:
    text = _string(value).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise JsonFormError("must be base64") from None


def _enum(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise JsonFormError("must be an integer, not the name of an enum's value")
    return _integer(*_SIGNED_32, value)


def _integer(low: int, high: int, value: Any) -> int:
    whole = (
        _INTEGER.fullmatch(value) is not None
        if isinstance(value, str)
        else not isinstance(value, bool)
        and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
    )
    if not whole:
        raise JsonFormError("must be an integer")
    number = int(value)
    if not low <= number <= high:
        raise JsonFormError("is out of range")
    return number


def _double(value: Any) -> float:
    if isinstance(value, str):
        if value in _SPECIAL_FLOATS:
            return _SPECIAL_FLOATS[value]
        value = float(value) if len(value) <= 64 else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise JsonFormError("must be a number")
    try:
        number = float(value)
    except OverflowError:
        raise JsonFormError("is out of range") from None
    if not math.isfinite(number):
        raise JsonFormError("is out of range")
    return number
