import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.signals.jaeger import query_parameters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2s", 1_200_000_000),
        ("100ms", 100_000_000),
        ("100us", 100_000),
        ("100µs", 100_000),
        ("7μs", 7_000),
        ("1ns", 1),
        ("0.5ns", 0),
        ("1m", 60 * 10**9),
        ("1h", 3_600 * 10**9),
        ("2d", 172_800 * 10**9),
    ],
)
def test_durations(text: str, expected: int) -> None:
    assert query_parameters.duration_ns(text) == expected


@pytest.mark.parametrize("text", ["", "1", "s", "-1s", "1 s", "1e3s", "٣s", "1.s", "9" * 40 + "s"])
def test_texts_that_are_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        query_parameters.duration_ns(text)


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
        query_parameters.duration_ns,
        query_parameters.trace_id,
        lambda t: query_parameters.tags(t, [t]),
    ):
        with contextlib.suppress(ValueError):
            read(text)
