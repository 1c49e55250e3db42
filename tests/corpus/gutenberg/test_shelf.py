from pathlib import Path

import pytest

from gutenberg_explorer.corpus import CorpusError, choose
from gutenberg_explorer.index import IndexStore, Library
from tests.corpus.gutenberg.mirrors import CATALOGUE, catalogue, generated, shelf, write
from tests.corpus.web import serve


@pytest.mark.parametrize(
    "mirror", ["https://www.gutenberg.org", "http://gutenberg.org/", "https://WWW.Gutenberg.org/x"]
)
def test_the_main_site_is_no_mirror(tmp_path: Path, mirror: str) -> None:
    with pytest.raises(CorpusError, match="does not allow automated downloads: set GUTENBERG"):
        shelf("84", tmp_path, mirror)


def test_what_is_no_address_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="is not a valid URL"):
        shelf("84", tmp_path, "http://[")


def test_a_wrong_setting_is_a_sentence_before_anything_is_asked(tmp_path: Path) -> None:
    with serve({}) as web:
        with pytest.raises(CorpusError, match="GUTENBERG_EXPLORER_SHELF=gutenberg:… can't use"):
            shelf("author:austen", tmp_path, web.root)
        assert not web.requests
    assert not list(tmp_path.iterdir())


def test_an_index_is_built_and_opened_again_without_the_network(tmp_path: Path) -> None:
    def library() -> Library:
        books = shelf("84,1342,2", tmp_path, web.root)
        return Library(IndexStore(tmp_path / "data"), [books], lambda _: books)

    with serve(generated(84) | generated(1342)) as web:
        index = library().build()
        assert [book.id for book in index.books] == ["pg1342", "pg84"]
        assert list(index.manifest.skipped) == ["pg2"]
    again, built = library().open_or_build()
    assert not built
    assert [book.source for book in again.books] == ["gutenberg", "gutenberg"]


def test_choosing_downloads_one_book_and_no_more(tmp_path: Path) -> None:
    with serve(generated(84) | generated(1342)) as web:
        books = shelf("84,1342", tmp_path, web.root)
        assert choose([books]) is books
        assert len(web.requests) == 2


@pytest.mark.parametrize(
    "kept",
    [
        b"[" * 200_000,
        b'{"' + b"1" * 5_000 + b'": ["A", "B", "en"]}',
        b'{"158": [["A"], "B", "en"]}',
        b'{"158": ["\\ud800", "B", "en"]}',
        b'{"-1": ["A", "B", "en"]}',
        b"\xff\0",
    ],
)
def test_a_damaged_selection_is_looked_up_again(tmp_path: Path, kept: bytes) -> None:
    mirror = write(tmp_path / "mirror", generated(158) | {CATALOGUE: catalogue()})
    before = shelf("author=austen", tmp_path, mirror).fingerprint()
    (selection,) = (tmp_path / "gutenberg" / "selections").iterdir()
    selection.write_bytes(kept)
    assert shelf("author=austen", tmp_path, mirror).fingerprint() == before
    assert selection.read_bytes() != kept
