"""Retry-After as servers send it, and as none should."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.retry_after import seconds_to_wait

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _now() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        clock = SimpleNamespace(time=NOW.timestamp)
        patch.setattr("urllib3.util.retry.time", clock)
        yield


@given(st.integers(0, 10**9), st.sampled_from(["", " ", "\t"]))
def test_a_number_of_seconds(number: int, space: str) -> None:
    assert seconds_to_wait(f"{space}{number}{space}") == number


@given(st.integers(-(10**9), 10**11))
def test_a_date(seconds: int) -> None:
    until = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert seconds_to_wait(until) == max(0, seconds)


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, [\d-]+ [A-Z][a-z]{2} [\d-]+ [\d:]+ \w{0,4}"))
def test_any_other_text(text: str) -> None:
    wait = seconds_to_wait(text)
    assert wait is None or 0 <= wait < float("inf")


@pytest.mark.parametrize("text", [None, "", "soon", "-5", "-0", "1.5", "1e3", "٣", "inf", "nan"])
def test_no_time(text: str | None) -> None:
    assert seconds_to_wait(text) is None


@given(st.integers(20, 60_000))
def test_a_number_that_no_server_means(digits: int) -> None:
    # Python reads no number of more than 4300 digits.
    assert seconds_to_wait("9" * digits) == (2.0**63 if digits <= 4300 else None)
