import pytest

from gutenberg_explorer.index.headings import Line, find, is_capitals, number_of, plain, read


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("I", 1), ("iv", 4), ("XIV", 14), ("XCIX", 99), ("CXXII", 122), ("7", 7), ("ONE", 1),
        ("First", 1), ("Secunda", 2), ("twelfth", 12), ("Twenty-one", 21), ("thirtieth", 30),
        ("fifty nine", 59), ("whale", 0),
    ],
)  # fmt: skip
def test_numbers_are_read(words: str, number: int) -> None:
    assert number_of(words) == number


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("[BOOK I.  INSCRIPTIONS]", "BOOK I. INSCRIPTIONS"),
        ("}  France [the 18th Year]", "France [the 18th Year]"),
        ("_Of Our\n  Strivings_", "Of Our Strivings"),
        ("COMPENSATION.[93]", "COMPENSATION"),
    ],
)
def test_a_title_is_plain(words: str, title: str) -> None:
    assert plain(words) == title


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("THE TIGER", True),
        ("WASTE NOT, WANT NOT; or TWO STRINGS TO YOUR BOW", True),
        ("EXTRACTS (Supplied by a Sub-Sub-Librarian)", True),
        ("THE consulting-rooms of Dr Orion Hood", False),
        ("1850", False),
        ("A", False),
    ],
)
def test_capitals_are_told(words: str, expected: bool) -> None:
    assert is_capitals(words) is expected


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("ACT I\nSCENE II. A wood", [("act", 1), ("scene", 2)]),
        ("ACT I.—SCENE II.", [("act", 1), ("scene", 2)]),
        ("CHAPTER I. Loomings\nCHAPTER II. The Carpet-Bag", []),
        ("CONTENTS", [("list", 0)]),
        ("PREFACE TO THE SECOND EDITION", [("front", 0)]),
        ("FEDERALIST No. 10", [("chapter", 10)]),
        ("BOOKXXXV", [("book", 35)]),
        ("Book lovers", []),
    ],
)
def test_a_short_paragraph_is_read(words: str, kinds: list[tuple[str, int]]) -> None:
    assert [(line.kind, line.number) for line in read(words, 0, len(words))] == kinds


def test_lines_are_found_with_what_they_say() -> None:
    text = "CHAPTER 1\n\nLoomings.\n\n\nCall me Ishmael.\n\nCHAPTER 2\n\nI stuffed a shirt or two."
    second = text.index("CHAPTER 2")
    assert list(find(text)) == [
        Line("chapter", 1, "CHAPTER 1. Loomings", 0, 20, 4),
        Line("chapter", 2, "CHAPTER 2", second, second + 9, 2, is_bare=True),
    ]
