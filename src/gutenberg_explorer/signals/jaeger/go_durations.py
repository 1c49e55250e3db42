"""Durations as Go's `time.ParseDuration` reads them, which Jaeger uses, and days beside them."""

import re
from typing import Final

_UNITS_NS: Final = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,  # The micro sign, and the Greek letter that it looks like.
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3_600 * 10**9,
    "d": 86_400 * 10**9,  # Go has no days; Jaeger's page names its lookback in them.
}
_PART: Final = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d)", re.ASCII)
_WHOLE: Final = re.compile(rf"(?:{_PART.pattern})+", re.ASCII)
_MAX_NS: Final = 2**63 - 1


def duration_ns(text: str) -> int:
    """Return the ns of a duration such as `1h30m`, `.5s` or `0`, rounded down.

    Raises ValueError for another text, a negative duration, and one that Go could not hold.
    """
    negative = text.startswith("-")
    length = text[1:] if text[:1] in ("+", "-") else text
    if length == "0":
        return 0
    if _WHOLE.fullmatch(length) is None:
        raise ValueError("A duration is written as 1h30m or 1.5s, in h, m, s, ms, us or ns.")
    total = sum(_part_ns(*part.groups()) for part in _PART.finditer(length))
    if total > _MAX_NS:
        raise ValueError("A duration is at most 292 years long.")
    if negative and total:
        raise ValueError("A duration is not negative.")
    return total


def _part_ns(number: str, unit: str) -> int:
    whole, _, fraction = number.partition(".")
    digits, scale = int(whole + fraction), 10 ** len(fraction)
    return digits * _UNITS_NS[unit] // int(scale)
