import zipfile
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import CorpusError, UnreadableBook, read_book
from gutenberg_explorer.corpus.nltk import NltkShelf
from tests.corpus.web import serve


def test_the_18_books_are_downloaded_once(corpus_zip: Path, tmp_path: Path) -> None:
    with serve(corpus_zip.read_bytes()) as file:
        assert len(list(NltkShelf(tmp_path, file.url).files())) == 18
        books = [read_book(f) for f in NltkShelf(tmp_path, file.url).files()]
        assert len(file.ranges) == 1
    assert [book.id for book in books] == sorted(book.id for book in books)
    assert {book.source for book in books} == {"nltk"}
    caesar = next(book for book in books if book.id == "shakespeare-caesar")
    assert "\ufffd" not in caesar.text


def test_an_interrupted_download_goes_on_in_the_next_run(corpus_zip: Path, tmp_path: Path) -> None:
    with serve(corpus_zip.read_bytes()) as file:
        file.cut_after = 1_000_000
        with pytest.raises(CorpusError):
            NltkShelf(tmp_path, file.url).prepare()
        NltkShelf(tmp_path, file.url).prepare()
        assert file.ranges[1] is not None
    assert len(list(NltkShelf(tmp_path, file.url).files())) == 18


def test_something_else_is_refused_and_not_kept(tmp_path: Path) -> None:
    with (
        serve(b"<html>Please log in</html>") as file,
        pytest.raises(CorpusError, match="is not NLTK's gutenberg corpus"),
    ):
        NltkShelf(tmp_path, file.url).prepare()
    assert not list((tmp_path / "nltk").glob("*"))


def test_a_cached_file_that_was_damaged_is_downloaded_again(
    corpus_zip: Path, tmp_path: Path
) -> None:
    with serve(corpus_zip.read_bytes()) as file:
        shelf = NltkShelf(tmp_path, file.url)
        shelf.prepare()
        cached = tmp_path / "nltk" / "gutenberg.zip"
        cached.write_bytes(cached.read_bytes()[:100_000])
        shelf.prepare()
        assert cached.read_bytes() == corpus_zip.read_bytes()


def test_a_book_with_another_text_is_not_taken(corpus_zip: Path, tmp_path: Path) -> None:
    with serve(corpus_zip.read_bytes()) as file:
        shelf = NltkShelf(tmp_path, file.url)
        first = next(shelf.files())
        with zipfile.ZipFile(tmp_path / "nltk" / "gutenberg.zip", "w") as archive:
            archive.writestr("gutenberg/austen-emma.txt", "Emma, by another hand.")
        with pytest.raises(UnreadableBook, match="checksum"):
            first.read()


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refusal_is_a_sentence(tmp_path: Path, status: int) -> None:
    with serve(b"") as file:
        file.status = status
        with pytest.raises(CorpusError, match=f"answered {status}: check GUTENBERG_EXPLORER_NLTK"):
            NltkShelf(tmp_path, file.url).prepare()


def test_no_network_is_a_sentence(tmp_path: Path) -> None:
    with serve(b"") as file:
        url = file.url
    with pytest.raises(CorpusError, match="can't be reached: check the network"):
        NltkShelf(tmp_path, url).prepare()
