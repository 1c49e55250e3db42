import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.signals.jaeger import query_parameters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("2026-01-24T12:00:00.123Z", 1_769_256_000_123_000_000),
        ("2026-01-24T12:00:00.9999999999Z", 1_769_256_000_999_999_999),
        ("2026-01-24T20:00:00+08:00", 1_769_256_000_000_000_000),
        ("1969-12-31T23:59:59.5Z", -500_000_000),
        ("9999-12-31T23:59:59Z", 253_402_300_799_000_000_000),
    ],
)
def test_times(text: str, expected: int) -> None:
    assert query_parameters.time_ns(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NaN",
        "2026-01-24",
        "2026-01-24 12:00:00Z",
        "2026-01-24T12:00:00",
        "2026-13-24T12:00:00Z",
        "2026-02-30T12:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-01-24T12:00:60Z",
        "2026-01-24T12:00:00+99:00",
        "2026-01-24T12:00:00.Z",
    ],
)
def test_texts_that_are_no_times(text: str) -> None:
    with pytest.raises(ValueError, match="A time is written as"):
        query_parameters.time_ns(text)


def test_trace_ids() -> None:
    assert query_parameters.trace_id("A") == bytes(15) + b"\x0a"
    assert query_parameters.trace_id("0af7651916cd43dd8448eb211c80319c").hex().startswith("0af7")


@pytest.mark.parametrize("text", ["", "g", "0" * 33, "0x1", " 1", "٣"])
def test_texts_that_are_no_trace_ids(text: str) -> None:
    with pytest.raises(ValueError, match="trace id"):
        query_parameters.trace_id(text)


def test_tags() -> None:
    document = '{"a":"1","b":2,"c":true}'
    assert query_parameters.tags(document, ["d:e:f", "a:0"]) == {
        "a": "1",
        "b": "2",
        "c": "true",
        "d": "e:f",
    }
    assert query_parameters.tags(None, []) == {}


@pytest.mark.parametrize(("number", "shown"), [("5.0", "5"), ("1e-7", "1e-7"), ("0.25", "0.25")])
def test_a_number_is_asked_for_as_its_text(number: str, shown: str) -> None:
    assert query_parameters.tags(f'{{"n":{number}}}', []) == {"n": shown}


@pytest.mark.parametrize(
    ("document", "pairs"),
    [
        ("[]", []),
        ("{", []),
        ("[" * 5_000, []),
        ('{"a":null}', []),
        ('{"a":[]}', []),
        (None, ["a"]),
        (None, [":a"]),
        (None, ["a:" + "b" * 9_000]),
        ("{" + ",".join(f'"{n}":"x"' for n in range(17)) + "}", []),
    ],
)
def test_tags_that_are_refused(document: str | None, pairs: list[str]) -> None:
    with pytest.raises(ValueError, match="tag"):
        query_parameters.tags(document, pairs)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (
        query_parameters.time_ns,
        query_parameters.trace_id,
        lambda t: query_parameters.tags(t, [t]),
    ):
        with contextlib.suppress(ValueError):
            read(text)
