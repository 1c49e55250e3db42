import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.signals.jaeger.go_durations import duration_ns

MINUTE = 60 * 10**9
HOUR = 60 * MINUTE
UNITS = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 10**6,
    "s": 10**9,
    "m": MINUTE,
    "h": HOUR,
    "d": 24 * HOUR,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("+0", 0),
        ("-0", 0),
        ("-0s", 0),
        ("1h30m", HOUR + 30 * MINUTE),
        (".5s", 500_000_000),
        ("1.s", 10**9),
        ("1.5h", HOUR + 30 * MINUTE),
        ("+5s", 5 * 10**9),
        ("1.2s", 1_200_000_000),
        ("100ms", 100_000_000),
        ("100us", 100_000),
        ("100\u00b5s", 100_000),
        ("7\u03bcs", 7_000),
        ("1ns", 1),
        ("0.5ns", 0),
        ("3h2m1s4ms5us6ns", 3 * HOUR + 2 * MINUTE + 1_004_005_006),
        ("1s1s", 2 * 10**9),
        ("0.100000000000000000000h", 6 * MINUTE),
        ("0.9999999999999999999999999999999s", 999_999_999),
        ("9223372036854775807ns", 2**63 - 1),
        ("2d", 48 * HOUR),
        ("1d12h", 36 * HOUR),
    ],
)
def test_durations(text: str, expected: int) -> None:
    assert duration_ns(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "-",
        "+",
        "s",
        ".",
        "-.",
        ".s",
        "+.s",
        "-1s",
        "-1h30m",
        "1 s",
        " 1s",
        "1s ",
        "1e3s",
        "1.2.3s",
        "1h-1m",
        "--1s",
        "1S",
        "1min",
        "\u0663s",
        "00",
        "9223372036854775808ns",
        "9223372036854775807ns1ns",
        "3000000h",
        "9" * 40 + "s",
    ],
)
def test_texts_that_are_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="A duration"):
        duration_ns(text)


def reference(text: str) -> int | None:
    """Return what Go's documentation of ParseDuration says of a text, None for an error.

    "A possibly signed sequence of decimal numbers, each with optional fraction and a unit suffix."
    """
    negative = text[:1] == "-"
    rest = text[1:] if text[:1] in ("-", "+") else text
    if rest == "0":
        return 0
    total = 0
    if not rest:
        return None
    while rest:
        digits = 0
        number = Fraction(0)
        scale: Fraction | None = None
        while rest and (rest[0] in "0123456789" or (rest[0] == "." and scale is None)):
            if rest[0] == ".":
                scale = Fraction(1)
            elif scale is None:
                number, digits = number * 10 + int(rest[0]), digits + 1
            else:
                scale /= 10
                number, digits = number + scale * int(rest[0]), digits + 1
            rest = rest[1:]
        unit = rest[: next((at for at, c in enumerate(rest) if c in ".0123456789"), len(rest))]
        if not digits or unit not in UNITS:
            return None
        total += int(number * UNITS[unit])
        rest = rest[len(unit) :]
    return None if total >= 2**63 or (negative and total) else total


_numbers = st.from_regex(r"[0-9]{0,12}(\.[0-9]{0,12})?", fullmatch=True)
_parts = st.builds(str.__add__, _numbers, st.sampled_from([*UNITS, "", "S", "min", "."]))
_texts = st.builds(
    str.__add__, st.sampled_from(["", "", "+", "-", " "]), st.lists(_parts, max_size=4).map("".join)
)


@given(_texts | st.text("0123456789.+-nuµmshd", max_size=8) | st.text(max_size=8))
def test_a_duration_is_read_as_go_reads_it(text: str) -> None:
    found = None
    with contextlib.suppress(ValueError):
        found = duration_ns(text)
    assert found == reference(text)
