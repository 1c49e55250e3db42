import pytest
from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.corpus import UnreadableBook
from gutenberg_explorer.corpus.decoding import decode


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("naïve – “quoted”".encode(), "naïve – “quoted”"),
        ("\ufeffwith a mark".encode(), "with a mark"),
        ("naïve".encode("latin-1"), "naïve"),
        ("“quoted” – naïve".encode("cp1252"), "“quoted” – naïve"),
        (b"\x81 na\xefve", "\x81 naïve"),
        ("wide".encode("utf-16"), "wide"),
        (b"one\r\ntwo\rthree\ffour\n", "one\ntwo\nthree\nfour\n"),
        (b"the end\x1a\x1a\n", "the end\n"),
    ],
)
def test_known_encodings(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize("data", [b"\x7fELF\x00\x00", b"\xff\xfe\x00"])
def test_what_is_not_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableBook):
        decode(data)


@given(st.binary())
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except UnreadableBook:
        return
    assert "\r" not in text
    assert "\0" not in text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\f\x1a")))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode()) == text.removeprefix("\ufeff")
