import zipfile
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import CorpusError, UnreadableBook, read_book
from gutenberg_explorer.corpus.directory import DirectoryShelf


def test_a_folder_yields_its_text_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "Beta Book.txt").write_text("beta")
    (tmp_path / "alpha.TXT").write_text("alpha")
    (tmp_path / "notes.md").write_text("not a book")
    files = list(DirectoryShelf(tmp_path).files())
    assert [file.id for file in files] == ["alpha", "beta-book"]
    assert [file.read() for file in files] == [b"alpha", b"beta"]


def test_equal_names_get_ids_of_their_own(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "book.txt").write_text(folder)
    assert [file.id for file in DirectoryShelf(tmp_path).files()] == ["book", "book-2"]


def test_a_catalogue_beside_the_files_says_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Some text.")
    (tmp_path / "catalog.tsv").write_text(
        "file\ttitle\tauthor\tyear\tlanguage\na.txt\tA Title\tAn Author\t1888\tde\n"
    )
    (file,) = DirectoryShelf(tmp_path).files()
    book = read_book(file)
    assert (book.title, book.author, book.year, book.language) == (
        "A Title",
        "An Author",
        1888,
        "de",
    )


def test_the_zip_of_nltk_gives_its_ids_and_titles(corpus_zip: Path) -> None:
    books = {file.id: read_book(file) for file in DirectoryShelf(corpus_zip).files()}
    assert len(books) == 18
    emma = books["austen-emma"]
    assert (emma.title, emma.author, emma.year) == ("Emma", "Jane Austen", 1816)
    assert emma.text.startswith("VOLUME I\n\nCHAPTER I\n\n\nEmma Woodhouse, handsome, clever")
    assert "Project Gutenberg" not in books["chesterton-ball"].text
    assert books["chesterton-ball"].text.endswith("pattern of a cross.")


def test_the_fingerprint_follows_the_files(tmp_path: Path) -> None:
    book = tmp_path / "a.txt"
    book.write_text("one")
    shelf = DirectoryShelf(tmp_path)
    before = shelf.fingerprint()
    assert DirectoryShelf(tmp_path).fingerprint() == before
    book.write_text("three")
    assert shelf.fingerprint() != before
    changed = shelf.fingerprint()
    (tmp_path / "b.txt").write_text("new")
    assert shelf.fingerprint() != changed


def test_a_truncated_zip_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "books.zip"
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(CorpusError, match="neither a folder nor a zip"):
        list(DirectoryShelf(path).files())


@pytest.mark.parametrize("prepare", ["missing", "empty"])
def test_no_books_is_a_sentence(tmp_path: Path, prepare: str) -> None:
    path = tmp_path / "shelf"
    if prepare == "empty":
        path.mkdir()
    with pytest.raises(CorpusError, match=r"check GUTENBERG_EXPLORER_SHELF\.$"):
        list(DirectoryShelf(path).files())


def test_a_damaged_member_costs_that_book_alone(tmp_path: Path) -> None:
    path = tmp_path / "books.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good.txt", "good text")
        archive.writestr("bad.txt", "bad text, to be damaged")
    path.write_bytes(path.read_bytes().replace(b"to be damaged", b"to be DAMAGED"))
    bad, good = DirectoryShelf(path).files()
    assert read_book(good).text == "good text"
    with pytest.raises(UnreadableBook, match="zip"):
        read_book(bad)


def test_a_file_that_is_gone_costs_that_book_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    (file,) = DirectoryShelf(tmp_path).files()
    (tmp_path / "a.txt").unlink()
    with pytest.raises(UnreadableBook, match="No such file"):
        read_book(file)


@pytest.mark.parametrize("text", ["", "\n\n", "[A Title by An Author 1900]\n", "***"])
def test_a_book_without_text_is_unreadable(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    (file,) = DirectoryShelf(tmp_path).files()
    with pytest.raises(UnreadableBook, match="no text"):
        read_book(file)
