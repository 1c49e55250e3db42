"""The parameters of Jaeger's query API, read from text.

As in jaegertracing/jaeger, cmd/jaeger/internal/extension/jaegerquery/internal: query_parser.go and
apiv3/query_parser.go.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from gutenberg_explorer.signals.traces.value_text import number_text

MAX_TAGS: Final = 16
MAX_TAGS_CHARS: Final = 8_192

_TIME: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TRACE_ID: Final = re.compile(r"[0-9a-fA-F]{1,32}", re.ASCII)


def trace_id(text: str) -> bytes:
    """Return the 16 bytes of 1 to 32 hex digits, zeros put in front; raise ValueError else."""
    if not _TRACE_ID.fullmatch(text):
        raise ValueError("A trace id must have 1 to 32 hexadecimal digits.")
    return bytes.fromhex(text.zfill(32))


def time_ns(text: str) -> int:
    """Return the ns since 1970 of a time in RFC 3339, rounded down; raise ValueError else."""
    bad = "A time is written as 2006-01-02T15:04:05.999999999Z."
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(bad)
    day, clock, fraction, zone = match.groups()
    try:
        # To the whole second, since Python's times have microseconds at most.
        whole = datetime.fromisoformat(f"{day}T{clock}{zone}") - _EPOCH
    except ValueError:
        raise ValueError(bad) from None
    return whole // timedelta(seconds=1) * 10**9 + int((fraction or "")[:9].ljust(9, "0"))


def tags(document: str | None, pairs: list[str]) -> dict[str, str]:
    """Return the tags of a JSON object of texts and of each `key:value`; raise ValueError."""
    wanted: dict[str, str] = {}
    for pair in pairs:
        key, colon, value = pair.partition(":")
        if not colon or not key or len(pair) > MAX_TAGS_CHARS:
            raise ValueError("A tag must have the form key:value.")
        wanted[key] = value
    if document is not None:
        wanted |= _object(document)
    if len(wanted) > MAX_TAGS:
        raise ValueError(f"At most {MAX_TAGS} tags are allowed.")
    return wanted


def _object(document: str) -> dict[str, str]:
    bad = 'tags must be a JSON object of strings: {"key":"value"}.'
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        raise ValueError(bad) from None
    if not isinstance(found, dict):
        raise ValueError(bad)
    wanted: dict[str, str] = {}
    for key, value in found.items():
        if value is None or isinstance(value, dict | list):
            raise ValueError(bad)
        # Numbers and booleans are asked for as they are shown.
        if isinstance(value, float):
            wanted[key] = number_text(value)
        else:
            wanted[key] = value if isinstance(value, str) else json.dumps(value)
    return wanted
