from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.index.passages import MAX_LENGTH, MIN_LENGTH, split

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


def test_long_stanzas_are_cut_at_lines() -> None:
    pieces = _texts(VERSE)
    assert len(pieces) > 1
    assert all(piece.startswith("And line") for piece in pieces)


@given(
    st.lists(
        st.one_of(
            st.text(alphabet="ab .\n"), st.text(), st.sampled_from([LONG, VERSE, "x" * 2_000])
        )
    ).map("\n\n".join)
)
def test_passages_hold_the_whole_text_in_order(text: str) -> None:
    spans = list(split(text))
    end = 0
    for start, next_end in spans:
        assert not text[end:start].strip()
        assert start < next_end
        assert next_end - start <= MAX_LENGTH + MIN_LENGTH + 2 * MIN_LENGTH
        assert text[start:next_end].strip()
        end = next_end
    assert not text[end:].strip()
