import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.search.query import Clause, parse


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("white whale", [Clause(("white",)), Clause(("whale",))]),
        ('"white whale"', [Clause(("white", "whale"))]),
        ("“White Whale”", [Clause(("white", "whale"))]),
        ("love -god", [Clause(("love",)), Clause(("god",), is_excluded=True)]),
        ('love -"white whale"', [Clause(("love",)), Clause(("white", "whale"), is_excluded=True)]),
        ("author:austen", [Clause(("austen",), "author")]),
        ('AUTHOR:"jane austen" love', [Clause(("jane", "austen"), "author"), Clause(("love",))]),
        ("title: emma", [Clause(("emma",), "title")]),
        ("-author:austen love", [Clause(("austen",), "author", False, True), Clause(("love",))]),
        ("harpoon*", [Clause(("harpoon",), is_prefix=True)]),
        ("well-known", [Clause(("well", "known"))]),
        ("don’t", [Clause(("don't",))]),
        ("whale, ho!", [Clause(("whale",)), Clause(("ho",))]),
        ("love - death", [Clause(("love",)), Clause(("death",))]),
        ("love author:", [Clause(("love",)), Clause(("author",))]),
        ("chapter:3", [Clause(("chapter", "3"))]),
        ('"“Come here,” said he, and"', [Clause(("come", "here", "said", "he", "and"))]),
        ('“the "white" whale”', [Clause(("the", "white", "whale"))]),
        ("sea --and", [Clause(("sea",)), Clause(("and",))]),
        ("**Lane** sits", [Clause(("lane",)), Clause(("sits",))]),
    ],
)
def test_what_people_type_is_understood(text: str, clauses: list[Clause]) -> None:
    parsed = parse(text)
    assert list(parsed.clauses) == clauses
    assert parsed.notices == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"white whale', ["white", "whale"]),
        ('white" whale', ["white", "whale"]),
        ('love ""', ["love"]),
        ("-love", ["love"]),
        ('-love -"white whale"', ["love", "white", "whale"]),
        ("* love", ["love"]),
        ("author:aust*", ["author", "aust"]),
        ("well-kn*", ["well", "kn"]),
        ('to be," or not to be', ["to", "be", "or", "not", "to", "be"]),
    ],
)
def test_a_slip_is_searched_literally_and_says_so(text: str, words: list[str]) -> None:
    parsed = parse(text)
    assert [clause.words for clause in parsed.clauses] == [(word,) for word in words]
    assert parsed.notices == ("searched_literally",)


def test_a_prefix_of_one_letter_is_a_word() -> None:
    parsed = parse("a*")
    assert parsed.clauses == (Clause(("a",)),)
    assert parsed.notices == ("prefix_too_short",)


def test_stop_words_count_where_there_is_nothing_else_or_they_stand_in_phrases() -> None:
    assert parse("the white whale of the sea").text_clauses == tuple(
        Clause((word,)) for word in ("white", "whale", "sea")
    )
    assert parse("to be or not").text_clauses == tuple(
        Clause((word,)) for word in ("to", "be", "or", "not")
    )
    assert parse('"to be" whale').text_clauses == (Clause(("to", "be")), Clause(("whale",)))
    assert parse("to be a whale").running_words == ("to", "be", "a", "whale")


SIGNS = st.sampled_from(['"', "-", "*", ":", "author:", "title:", "whale", "the", " ", "“"])


@given(st.lists(st.one_of(SIGNS, st.text(max_size=4)), max_size=20).map("".join))
def test_any_text_can_be_parsed(text: str) -> None:
    parsed = parse(text)
    for clause in parsed.clauses:
        assert clause.words
        assert not (clause.is_prefix and len(clause.words) > 1)
    assert not parsed.clauses or not all(clause.is_excluded for clause in parsed.clauses)
    assert set(parsed.text_clauses) <= set(parsed.clauses)
