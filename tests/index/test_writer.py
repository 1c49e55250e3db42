import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gutenberg_explorer.index import analysis, passages
from gutenberg_explorer.index.writer import SegmentWriter

# Long ones, so that each becomes a passage; some have no word at all.
PARAGRAPHS = st.one_of(
    st.lists(st.sampled_from(["of", "the", "whale", "to"]), min_size=1).map(" ".join),
    st.integers(1, 300).map(lambda count: "* " * count),
    st.lists(st.sampled_from(["it was", "the ship of", "* * *"]), min_size=60).map(" ".join),
)


def _pairs(passage: str) -> str:
    """Return the pairs of common words of a passage as a plain reading finds them."""
    words, _ = analysis.tokenize(passage)
    found: list[str] = []
    in_row = False
    for one, other in pairwise(words):
        is_pair = not analysis.is_term(one) and not analysis.is_term(other)
        if is_pair:
            found += [] if in_row else [analysis.ROW_END]
            found.append(f"{analysis.stem(one)}{analysis.PAIR}{analysis.stem(other)}")
        in_row = is_pair
    return " ".join(found)


def _across(passage: str, rest: str) -> str:
    """Return the last word of a passage and the first of the rest of the text, joined."""
    words, after = analysis.tokenize(passage)[0][-1:], analysis.tokenize(rest)[0][:1]
    return analysis.CUT.join(map(analysis.stem, words + after)) if words and after else ""


@given(st.lists(PARAGRAPHS, max_size=6))
def test_passages_are_searched_by_their_own_words(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    within = [text[start:end] for start, end in passages.split(text)]
    with tempfile.TemporaryDirectory() as folder, SegmentWriter(Path(folder)) as writer:
        added = writer.add(text)
        writer.finish()
    assert added.passages == [
        " ".join(map(analysis.stem, analysis.tokenize(passage)[0])) for passage in within
    ]
    assert added.pairs == [_pairs(passage) for passage in within]
    assert added.across == [
        _across(text[start:end], text[end:]) for start, end in passages.split(text)
    ]
