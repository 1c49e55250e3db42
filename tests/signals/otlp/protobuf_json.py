"""OTLP/JSON as its senders write it."""

import base64
import json
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

_IDS = {"traceId", "spanId", "parentSpanId"}


def to_json(message: Message) -> bytes:
    document = MessageToDict(message, use_integers_for_enums=True)
    return json.dumps(_hex_ids(document)).encode()


def _hex_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_hex_ids(item) for item in value]
    if isinstance(value, dict):
        return {
            key: base64.b64decode(item).hex()
            if key in _IDS and isinstance(item, str)
            else _hex_ids(item)
            for key, item in value.items()
        }
    return value
