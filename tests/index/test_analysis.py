from hypothesis import example, given
from hypothesis import strategies as st

from gutenberg_explorer.index.analysis import STOP_WORDS, TOKEN, fold, query_terms, tokenize


def test_words_are_letters_and_digits_with_inner_apostrophes() -> None:
    words, starts = tokenize("The WHALE's tail--don't 'touch' it, o'er 2nd_hand étude.")
    assert " ".join(words) == "the whale's tail don't touch it o'er 2nd hand étude"
    assert starts.tolist() == [0, 4, 12, 18, 25, 32, 36, 41, 45, 50]


def test_a_curly_apostrophe_is_an_apostrophe() -> None:
    assert tokenize("don’t ‘quote’")[0] == ["don't", "quote"]


def test_words_joined_by_a_dash_stay_two() -> None:
    assert tokenize("sky--seemed love-thoughts")[0] == ["sky", "seemed", "love", "thoughts"]


def test_stop_words_and_short_words_are_left_out_of_a_query() -> None:
    assert query_terms("To be or not to be, my OX is a White whale") == ["white", "whale"]
    assert len(STOP_WORDS) == 179


@given(st.text())
@example("İstanbul")
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    words, starts = tokenize(text)
    assert [
        folded[start : start + len(word)] for word, start in zip(words, starts, strict=True)
    ] == words


@given(st.text() | st.text(alphabet="ab' -_’9é𐐷\n"))
@example("'a'b''c'")
@example("ß’𐐷'")
def test_the_words_of_a_book_are_the_words_of_a_query(text: str) -> None:
    words, starts = tokenize(text)
    found = list(TOKEN.finditer(fold(text)))
    assert words == [match[0] for match in found]
    assert starts.tolist() == [match.start() for match in found]
