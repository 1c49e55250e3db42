from pathlib import Path

import pytest

from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import Budget
from gutenberg_explorer.search.local.spelling import correct
from tests.index.shelf import make_index


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("consciense", "conscience"),
        ("the wihte whale", "the white whale"),
        ("whlae", "whale"),
        ("Ishmeal’s", "ishmael's"),
        ("queequge harpoon", "queequeg harpoon"),
        ('"moby dikc"', '"moby dick"'),
        ("elephantt -mouze", "elephant -mouse"),
        ("author:austne", None),
    ],
)
def test_a_word_that_no_book_holds_is_corrected(
    library: Index, typed: str, meant: str | None
) -> None:
    assert correct(library, typed, Budget()) == meant


@pytest.mark.parametrize("query", ["love", "whales", "the", "xq", "qqqqqqqqqqqqqqq", "1234567", ""])
def test_what_is_known_or_like_nothing_is_left_alone(library: Index, query: str) -> None:
    assert correct(library, query, Budget()) is None


def test_the_nearest_word_wins_and_of_these_the_one_in_most_books(tmp_path: Path) -> None:
    texts = ["garden", "garden harden", "harden garter", "pardon garten"]
    index = make_index(tmp_path, texts, segments=2)
    assert correct(index, "gardne", Budget()) == "garden"
    assert correct(index, "gartem", Budget()) == "garten"
    assert correct(index, "garte", Budget()) == "garten"


def test_a_book_that_was_taken_out_is_no_help(tmp_path: Path) -> None:
    base = make_index(tmp_path, ["the elephant", "the mouse"])
    index = make_index(tmp_path, ["a cat"], base=base, first=2, without=[0])
    assert correct(index, "elephnat", Budget()) is None
    assert correct(index, "mosue", Budget()) == "mouse"
