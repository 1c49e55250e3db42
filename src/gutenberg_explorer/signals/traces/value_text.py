"""An attribute's value as text, as Jaeger writes it.

Jaeger takes the text from the Collector's `pcommon.Value.AsString`: JSON without spaces, the keys
of a map in order, bytes as base64, and numbers as JavaScript writes them.
"""

import base64
import json
import math
from decimal import Decimal
from typing import Final

from opentelemetry.proto.common.v1.common_pb2 import AnyValue

# Beyond these JavaScript writes a number with an exponent.
_SMALLEST: Final = 1e-6
_LARGEST: Final = 1e21

_LINE_SEPARATORS: Final = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029"})


def number_text(value: float) -> str:
    """Return a number's shortest text that reads back as the same number."""
    if not math.isfinite(value):
        return str(value)
    if value and not _SMALLEST <= abs(value) < _LARGEST:
        return repr(value).replace("e-0", "e-")
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def json_text(value: AnyValue) -> str:
    """Return the JSON text of a value. JSON has no NaN and no infinity: they become strings."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return f"[{','.join(json_text(item) for item in value.array_value.values)}]"
    if kind == "kvlist_value":
        # A key may occur twice, in OTLP as in JSON.
        items = sorted(value.kvlist_value.values, key=lambda item: item.key)
        return f"{{{','.join(f'{_quoted(item.key)}:{json_text(item.value)}' for item in items)}}}"
    if kind == "string_value":
        return _quoted(value.string_value)
    if kind == "bytes_value":
        return _quoted(base64.b64encode(value.bytes_value).decode())
    if kind == "bool_value":
        return "true" if value.bool_value else "false"
    if kind == "int_value":
        return str(value.int_value)
    if kind == "double_value":
        text = number_text(value.double_value)
        return text if math.isfinite(value.double_value) else _quoted(text)
    return "null"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).translate(_LINE_SEPARATORS)
