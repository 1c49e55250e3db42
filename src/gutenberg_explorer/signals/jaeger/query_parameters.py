"""The parameters of Jaeger's query API, read from text (jaeger, cmd/query/app/query_parser.go)."""

import json
import re
from decimal import Decimal
from typing import Final

MAX_TAGS: Final = 16
MAX_TAGS_CHARS: Final = 8_192

_TRACE_ID: Final = re.compile(r"[0-9a-fA-F]{1,32}", re.ASCII)
_DURATION: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ns|us|µs|μs|ms|s|m|h|d)", re.ASCII)
_UNITS_NS: Final = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,  # The micro sign, and the Greek letter that it looks like.
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3_600 * 10**9,
    "d": 86_400 * 10**9,
}


def trace_id(text: str) -> bytes:
    """Return the 16 bytes of 1 to 32 hex digits, zeros put in front; raise ValueError else."""
    if not _TRACE_ID.fullmatch(text):
        raise ValueError("A trace id must have 1 to 32 hexadecimal digits.")
    return bytes.fromhex(text.zfill(32))


def duration_ns(text: str) -> int:
    """Return the ns of a duration such as `1.2s` or `100us`; raise ValueError for another text."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError("A duration must be a number followed by ns, us, ms, s, m, h or d.")
    return int(Decimal(match[1]) * _UNITS_NS[match[2]])


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
        wanted[key] = value if isinstance(value, str) else json.dumps(value)
    return wanted
