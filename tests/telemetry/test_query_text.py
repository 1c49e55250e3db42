import pytest

from gutenberg_explorer.telemetry import QueryText, span
from gutenberg_explorer.telemetry.query_text import hash_of, redaction
from tests.telemetry.recording import attributes, recording


def test_equal_queries_have_one_hash() -> None:
    # By `printf 'white whale' | sha256sum`.
    assert hash_of("white whale") == "9b9ecb7e15a24282"
    assert hash_of("  White \t WHALE\n") == hash_of("white whale")
    assert hash_of("Straße") == hash_of("STRASSE")
    assert hash_of("white whales") != hash_of("white whale")
    assert len(hash_of("\ud800")) == 16


def test_plain_text_is_left_alone() -> None:
    assert redaction("plain") is None


@pytest.mark.parametrize(
    ("kept", "query"),
    [
        ("plain", {"search.query": "Love"}),
        ("hashed", {"search.query": hash_of("love")}),
        ("omitted", {}),
    ],
)
def test_a_span_keeps_what_the_setting_says(kept: QueryText, query: dict[str, str]) -> None:
    with recording(query_text=kept) as recorder:
        with span("search_api", {"search.query": "Love", "search.limit": 20}):
            pass
        (found,) = recorder.spans
    assert attributes(found) == {**query, "search.limit": 20}
