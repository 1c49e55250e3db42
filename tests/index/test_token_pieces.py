import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.index import analysis, passages, token_pieces
from gutenberg_explorer.index.analysis import MAX_WORD_LENGTH
from gutenberg_explorer.index.token_pieces import pieces

WORDS = st.sampled_from(
    ["of", "whale", "it's", "é", "l’été", "a_b", "''", "'", "x" * 700, "雪国" * 300]
)
GAPS = st.sampled_from([" ", "\n", "\n\n", ", ", "_", "''", "’’", ""])
TEXTS = st.lists(st.tuples(WORDS, GAPS).map("".join), max_size=80).map("".join)


def _cut(words: list[str]) -> list[str]:
    return [word[:MAX_WORD_LENGTH] for word in words]


@given(TEXTS, st.sampled_from([1, 50, 500, 2_000]))
def test_the_words_of_the_pieces_are_those_of_the_text(text: str, size: int) -> None:
    starts = np.array([start for start, _ in passages.split(text)], np.uint32)
    found: list[str] = []
    places: list[int] = []
    seen = 0
    for piece in pieces(text, starts, size):
        assert piece.first_passage == seen < piece.last_passage
        seen = piece.last_passage
        words, offsets = analysis.tokenize(text[piece.start : piece.end])
        found += _cut(words)
        places += (offsets + piece.start).tolist()
    assert seen == len(starts)
    whole, offsets = analysis.tokenize(text)
    assert found == _cut(whole)
    assert places == offsets.tolist()


@pytest.mark.parametrize("text", ["x" * 30_000_000, "'" * 3_000_000, "x'" * 10_000_000, " " * 99])
def test_no_piece_is_long(text: str) -> None:
    starts = np.arange(0, len(text), 480, dtype=np.uint32)
    longest = max(piece.end - piece.start for piece in pieces(text, starts))
    assert longest <= token_pieces.SIZE + 480 + MAX_WORD_LENGTH


def test_words_are_as_the_tokenizer_sees_them() -> None:
    boundary = re.compile(r"[^\w'’]|_")
    for point in range(0x3000):
        assert chr(point).isalnum() == (not boundary.match(chr(point))) or chr(point) in "'’"
