import json

from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.corpus.printable import is_printable, one_line, printable

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@given(ANY_TEXT)
def test_names_and_titles_can_be_stored_and_stay_on_one_line(text: str) -> None:
    for shown in (printable(text), one_line(text) or ""):
        assert json.loads(json.dumps(shown).encode()) == shown
        assert len(shown.splitlines()) <= 1
        assert "\x1b" not in shown
    assert is_printable(printable(text))


def test_bytes_that_are_not_utf_8_are_shown() -> None:
    name = b"caf\xe9\n.txt".decode("utf-8", "surrogateescape")
    assert printable(name) == "caf\\xe9\\n.txt"
    assert one_line(name) == "caf\ufffd .txt"


def test_plain_names_and_titles_stay_as_they_are() -> None:
    for text in ("Wuthering Heights", "雪国\u3000第一部", "L'Été"):
        assert printable(text) == one_line(text) == text


def test_endless_names_and_titles_are_shortened() -> None:
    assert len(printable("x" * 10_000)) == 200
    assert len(one_line("x" * 10_000) or "") == 2_000
    assert one_line("\0\n ") is None
