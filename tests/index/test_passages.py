import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.index.passages import MAX_LENGTH, MIN_LENGTH, split
from tests.waiting import bounded_work

LONG = "This is a sentence of some length that goes on. " * 40
VERSE = "\n".join(f"And line {number} of the poem has no full stop at all" for number in range(30))


def _texts(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


def test_paragraphs_become_passages() -> None:
    one = "The first paragraph of the book has more than enough characters."
    two = "  The second paragraph has an indent, and it has two\nlines of text.  "
    assert _texts(f"\n\n{one}\n\n \n{two}\n\n") == [one, two.strip()]


def test_a_heading_goes_with_what_follows() -> None:
    body = "It is a truth universally acknowledged, that a single man is in want of a wife."
    assert _texts(f"CHAPTER I\n\n\n{body}") == [f"CHAPTER I\n\n\n{body}"]


def test_short_last_words_are_a_passage() -> None:
    body = "It is a truth universally acknowledged, that a single man is in want of a wife."
    assert _texts(f"{body}\n\nFINIS") == [body, "FINIS"]


def test_long_paragraphs_are_cut_at_sentences() -> None:
    pieces = _texts(LONG)
    assert len(pieces) > 1
    assert all(piece.endswith("goes on.") for piece in pieces)


@pytest.mark.parametrize("sign", ["。", "、", "—", "_", "-"])
def test_no_word_is_cut_where_there_are_no_spaces(sign: str) -> None:
    pieces = _texts(sign.join(["国境の長いトンネル", "o’clock", "x'y"] * 60))
    assert len(pieces) > 1
    assert all(piece.endswith(sign) for piece in pieces[:-1])


def test_long_stanzas_are_cut_at_lines() -> None:
    pieces = _texts(VERSE)
    assert len(pieces) > 1
    assert all(piece.startswith("And line") for piece in pieces)


def test_no_passage_goes_on_into_a_heading() -> None:
    body = "It is a truth universally acknowledged, that a single man is in want of a wife."
    text = (
        f"{body}\n\nThe end came.\n\nCHAPTER II\n\nA TITLE\n\n{body}\n\nShort.\n\n# Notes\n\n{body}"
    )
    assert _texts(text) == [
        f"{body}\n\nThe end came.",
        f"CHAPTER II\n\nA TITLE\n\n{body}\n\nShort.",
        f"# Notes\n\n{body}",
    ]


def test_verses_of_the_bible_are_passages() -> None:
    text = (
        "The Gospel According to Saint John\n\n\n1:1 In the beginning was the Word.\n\n"
        "11:35 Jesus wept.\n\n11:36 Then said the Jews, Behold how he loved\nhim! 11:37 And some "
        "of\nthem said, Could not this man?"
    )
    assert _texts(text) == [
        "The Gospel According to Saint John\n\n\n1:1 In the beginning was the Word.",
        "11:35 Jesus wept.",
        "11:36 Then said the Jews, Behold how he loved\nhim!",
        "11:37 And some of\nthem said, Could not this man?",
    ]


def test_speeches_of_the_folio_are_passages() -> None:
    oh = "Oh 'tis true:\nHow smart a lash that speech doth giue my Conscience?"
    be = "To be, or not to be, that is the Question:\nWhether 'tis Nobler in the minde to suffer"
    text = f"  King. {oh}\n  Ham. Nay\n\n   Pol. Go\n  Ham. {be}\n  Caes Antonio, {oh}"
    assert _texts(text) == [
        f"King. {oh}",
        f"Ham. Nay\n\n   Pol. Go\n  Ham. {be}",
        f"Caes Antonio, {oh}",
    ]


def test_speeches_after_a_name_in_capitals_are_passages() -> None:
    oh = "How smart a lash that speech doth give my conscience, and how heavy a burden!"
    assert _texts(f"KING. {oh}\nHAMLET.\n{oh}\nPOLONIUS: {oh}") == [
        f"KING. {oh}",
        f"HAMLET.\n{oh}",
        f"POLONIUS: {oh}",
    ]


def test_a_speaker_on_a_line_of_its_own_is_no_heading() -> None:
    pieces = _texts("HAMLET\n\nNo.\n\nKING\n\nYes.\n\n" * 20)
    assert all(len(piece) >= MIN_LENGTH for piece in pieces)


def test_stanzas_are_passages_whatever_stands_at_the_ends_of_lines() -> None:
    stanza = " Piping down the valleys wild, \n   Piping songs of pleasant glee, \n "
    assert _texts(f"{stanza}\n \n{stanza}\n \n") == [stanza.strip()] * 2


def test_long_verse_is_cut_at_sentences_that_end_a_line() -> None:
    text = ("Of Man's first disobedience; and the fruit \n" * 4 + "Of that forbidden tree. \n") * 8
    pieces = _texts(text)
    assert len(pieces) > 1
    assert all(piece.endswith("tree.") for piece in pieces)


def test_a_title_ends_no_sentence() -> None:
    pieces = _texts("So Mr. Smith told Mrs. Brown and J. S. Mill of it; and then " * 40)
    assert not any(piece.endswith(".") for piece in pieces)


BROKEN = [
    "word " * 2_000_000,
    "x" * 10_000_000,
    "\n" * 1_000_000 + "x" + "\n" * 1_000_000 + "y",
    "x" + " " * 1_000_000 + "y\n" + " \n" * 500_000,
    "x!" + '"' * 1_000_000,
    "CHAPTER\n\n" * 100_000,
    "A" * 59 + "\n\n" + "A\n\n" * 100_000,
    "1:1 " * 500_000,
    "\n1:1 " * 300_000,
    "\n  Ham. " * 200_000,
    "\nKING. " * 200_000,
]


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: repr(text[:10]))
def test_broken_texts_take_no_longer(text: str) -> None:
    with bounded_work():
        _check(text)


def _check(text: str) -> None:
    end = 0
    for start, next_end in split(text):
        assert start < next_end <= start + MAX_LENGTH + MIN_LENGTH
        assert not text[end:start].strip()
        assert not text[start].isspace()
        assert not text[next_end - 1].isspace()
        end = next_end
    assert not text[end:].strip()


LINES = st.one_of(
    st.text(alphabet="ab .\n"),
    st.text(),
    st.sampled_from(
        [
            LONG,
            VERSE,
            "x" * 2_000,
            "CHAPTER I",
            "SONG",
            "1:1 So",
            "  Ham. No",
            "KING. Yes",
            "\n",
            " ",
        ]
    ),
)


@given(st.lists(LINES), st.sampled_from(["\n\n", "\n", " "]))
def test_passages_hold_the_whole_text_in_order(parts: list[str], between: str) -> None:
    _check(between.join(parts))


def test_passages_of_real_books(real_texts: dict[str, str]) -> None:
    for text in real_texts.values():
        _check(text)


@pytest.mark.parametrize(
    ("book", "beginning"),
    [
        ("melville-moby_dick", "CHAPTER 1\n\nLoomings.\n\n\nCall me Ishmael."),
        ("shakespeare-hamlet", "Ham. To be, or not to be, that is the Question:"),
        ("bible-kjv", "11:35 Jesus wept."),
        ("bible-kjv", "The Second Book of Moses:  Called Exodus\n\n\n1:1 Now these are the names"),
        ("blake-poems", "THE TIGER\n \n Tiger, tiger, burning bright"),
        ("milton-paradise", "Book I \n \n \nOf Man's first disobedience"),
        ("whitman-leaves", "}  O Captain! My Captain!\n\n"),
        ("carroll-alice", "CHAPTER I. Down the Rabbit-Hole\n\nAlice was beginning"),
    ],
)
def test_a_passage_of_a_real_book_begins(
    real_texts: dict[str, str], book: str, beginning: str
) -> None:
    text = real_texts[book]
    assert any(text.startswith(beginning, start) for start, _ in split(text))
