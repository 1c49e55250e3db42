import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.index.analysis import stem, tokenize, without_accents
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search.local.marks import Marker, _heads
from gutenberg_explorer.search.query import Clause, parse


def _marked(query: str, text: str) -> list[str]:
    return [text[m.start : m.end] for m in Marker(parse(query).clauses).marks(text)]


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("whale", "Whales! The whale's jaw; a whaleboat; narwhale.", ["Whales", "whale's"]),
        ("hope", "Hoping, hoped; he hops and has hopes.", ["Hoping", "hoped", "hopes"]),
        ("happiness", "Happy are the happy.", ["Happy", "happy"]),
        ("die", "To die, dying; he died. A dye.", ["die", "dying", "died"]),
        ("sky", "The skies, the sky; sketchy.", ["skies", "sky"]),
        ('"white whale"', "White whales. A whale so white; white whale!",
         ["White", "whales", "white", "whale"]),
        ('"to be or not to be"', "To be, or not to be: to bee.",
         ["To", "be", "or", "not", "to", "be"]),
        ('"so so"', "so so so", ["so", "so", "so"]),
        ("harpoon*", "Harpooneers harpoon; a harp.", ["Harpooneers", "harpoon"]),
        ("naive", "A naïve man; naivety.", ["naïve"]),
        ("cafe*", "The Cafés of Paris.", ["Cafés"]),
        ("don't", "I don’t. Don't! Dont.", ["don’t", "Don't"]),
        ("tis", "'Tis so; it's 'tis.", ["Tis", "tis"]),
        ("t", "don't t", ["t"]),
        ("love", "_love_ and LOVE", ["love", "LOVE"]),
        ("love", "", []),
    ],
)  # fmt: skip
def test_the_words_that_match_are_marked(query: str, text: str, marked: list[str]) -> None:
    assert _marked(query, text) == marked


WORD = st.sampled_from(["love", "Loved", "loving", "dying", "ties", "the", "naïve", "don't", "İs"])
TEXT = st.lists(st.one_of(WORD, st.text(max_size=4), st.sampled_from([" ", "'", "_", "\n"])))


@given(TEXT.map(" ".join), st.lists(WORD, min_size=1, max_size=3))
def test_marks_are_the_words_of_the_searched_stems_and_no_others(
    text: str, words: list[str]
) -> None:
    text = text.encode("utf-8", "ignore").decode()
    clauses = [Clause((word,)) for typed in words for word in tokenize(typed)[0]]
    sought = {stem(clause.words[0]) for clause in clauses}
    found, starts = tokenize(text)
    expected = [
        (start, start + len(word))
        for word, start in zip(found, starts.tolist(), strict=True)
        if stem(word) in sought
    ]
    assert [(mark.start, mark.end) for mark in Marker(clauses).marks(text)] == expected


def test_every_word_of_the_18_books_begins_as_its_stem_does(library: Index) -> None:
    for segment in library.segments:
        for term in segment.terms:
            word = term.decode()
            assert without_accents(word).startswith(_heads(stem(word))), word
