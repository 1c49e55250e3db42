import json
import os
import zipfile
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import (
    Book,
    CorpusError,
    Sources,
    UnreadableBook,
    read_book,
    shelf_of,
)
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


def _reported(shelf: DirectoryShelf) -> tuple[dict[str, Book], dict[str, str]]:
    books, problems = {}, {}
    for file in shelf.files():
        try:
            books[file.id] = read_book(file)
        except UnreadableBook as error:
            problems[file.id] = str(error)
    return books, problems


def test_names_of_any_bytes_are_served(tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", b"new\nline\x1b.txt", "雪国.txt".encode(), b"y" * 250 + b".txt"):
        (tmp_path / os.fsdecode(name)).write_bytes(b"text of " + name[:3])
    shelf = DirectoryShelf(tmp_path)
    books, problems = _reported(shelf)
    assert set(books) == {"caf", "new-line", "book", "y" * 250}
    assert not problems
    for book in books.values():
        json.dumps([book.id, book.title, book.text], ensure_ascii=False).encode()
    assert shelf.fingerprint() == DirectoryShelf(tmp_path).fingerprint()


@pytest.mark.parametrize("name", [b"books", b"caf\xe9", b"new\nline", b"100%", "雪 国".encode()])
def test_the_setting_of_a_folder_of_any_name_leads_back(tmp_path: Path, name: bytes) -> None:
    folder = tmp_path / os.fsdecode(name)
    folder.mkdir()
    (folder / "a.txt").write_text("text")
    sources = Sources(tmp_path, "", "")
    shelf = shelf_of(f"directory:{folder}", sources)
    assert json.loads(json.dumps(shelf.spec).encode()) == shelf.spec
    assert len(shelf.spec.splitlines()) == 1
    again = shelf_of(shelf.spec, sources)
    assert again.spec == shelf.spec
    assert [file.read() for file in again.files()] == [b"text"]


def test_what_can_not_be_read_is_reported_beside_the_books(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "good.txt").write_text("good text")
    (tmp_path / "out.txt").symlink_to("/etc/passwd")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "etc").symlink_to("/etc")
    (tmp_path / "catalog.tsv").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "no-book")
    (tmp_path / "inner.zip").touch()
    (tmp_path / "other.ZIP").touch()
    books, problems = _reported(DirectoryShelf(tmp_path))
    assert list(books) == ["good"]
    assert set(problems) == {
        *("pipe", "empty", "out", "etc", "catalog.tsv"),
        *("inner.zip", "other.ZIP"),
    }


def test_lines_of_a_catalogue_that_can_not_be_used_are_reported(tmp_path: Path) -> None:
    lines = [
        b"file\ttitle\tauthor\tyear\tlanguage",
        b"a.txt\tA Title\tAn Author\t" + b"1" * 5_000 + b"\tde",
        b'b.txt\t"Never closed\tAn Author',
        b"c.txt\t" + b"x" * 200_000,
        b"d.txt\tNul\0 and\x1b[1m\tAn Author\t1888\t" + b"q" * 100,
        b"caf\xe9.txt\tCaf\xe9\tAn Author\t1900\tfr",
        b'e.txt\t"The ""Title"""\t',
    ]
    (tmp_path / "catalog.tsv").write_bytes(b"\n".join(lines))
    for name in (b"a.txt", b"b.txt", b"caf\xe9.txt", b"d.txt", b"e.txt"):
        (tmp_path / os.fsdecode(name)).write_text("text")
    books, problems = _reported(DirectoryShelf(tmp_path))
    assert {book.id: (book.title, book.year, book.language) for book in books.values()} == {
        "a": ("A Title", None, "de"),
        "b": ("B", None, "en"),
        "caf": ("Caf\ufffd", 1900, "fr"),
        "d": ("Nul  and [1m", 1888, "en"),
        "e": ('The "Title"', None, "en"),
    }
    assert set(problems) == {f"catalog.tsv line {number}" for number in (2, 3, 4, 5)}
    assert "year" in problems["catalog.tsv line 2"]
    assert "not closed" in problems["catalog.tsv line 3"]
    assert "longer than" in problems["catalog.tsv line 4"]
    assert "language" in problems["catalog.tsv line 5"]


@pytest.mark.parametrize("data", [b"", b"title\tauthor\n", b"\xff\xfe\0\0", b'"file\n', b"\n" * 99])
def test_a_catalogue_of_nothing_known_is_reported(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "catalog.tsv").write_bytes(data)
    books, problems = _reported(DirectoryShelf(tmp_path))
    assert list(books) == ["a"]
    assert list(problems) == ["catalog.tsv"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_books_of_one_name_in_a_zip_have_ids_that_stay(tmp_path: Path) -> None:
    path = tmp_path / "twins.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for title in ("First", "Second", "Third"):
            archive.writestr("twin.txt", f"[{title} by A. Twin 1900]\nText.\n")
        archive.writestr("twin-2.txt", "[Other by A. Twin 1900]\nText.\n")
        archive.writestr("__MACOSX/._twin.txt", "\0")
    books, _ = _reported(DirectoryShelf(path))
    assert {book_id: book.title for book_id, book in books.items()} == {
        "twin-2": "Other",
        "twin": "First",
        "twin-3": "Second",
        "twin-4": "Third",
    }


def test_a_pipe_is_no_shelf(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CorpusError, match="neither a folder nor a zip"):
        list(DirectoryShelf(tmp_path / "pipe").files())
