import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.corpus import CorpusError
from gutenberg_explorer.corpus.gutenberg.spec import Filter, parse


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1342", [1342]),
        ("1342,84,2701", [84, 1342, 2701]),
        (" 1342 , 84 ", [84, 1342]),
        ("1-3,2,10-10", [1, 2, 3, 10]),
        ("5 - 7,", [5, 6, 7]),
    ],
)
def test_numbers_and_ranges(text: str, numbers: list[int]) -> None:
    assert parse(text) == numbers


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("author=austen", Filter({"Authors": ["austen"]})),
        ("author=Jane AUSTEN ; limit=2", Filter({"Authors": ["jane", "austen"]}, 2)),
        ("language=EN;subject=whaling", Filter({"Language": ["en"], "Subjects": ["whaling"]})),
        ("bookshelf=littérature", Filter({"Bookshelves": ["litterature"]})),
        ("title=a=b;", Filter({"Title": ["a=b"]})),
        ("limit=5", Filter({}, 5)),
    ],
)
def test_filters(text: str, wanted: Filter) -> None:
    assert parse(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        ";",
        "0",
        "3-1",
        "-5",
        "1-2-3",
        "1342,abc",
        "1234567",
        "austen",
        "author=",
        "=austen",
        "author=a;author=b",
        "colour=red",
        "language=English",
        "language=en fr",
        "limit=0",
        "limit=few",
        "limit=1;limit=2",
        "author=austen,1342;x",
    ],
)
def test_anything_else_is_a_sentence(text: str) -> None:
    with pytest.raises(CorpusError, match=r"can't use .*It accepts numbers"):
        parse(text)


@given(st.text(max_size=30))
def test_any_text_is_books_or_a_sentence(text: str) -> None:
    try:
        wanted = parse(text)
    except CorpusError:
        return
    assert wanted
