import os
import pickle
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import CorpusError, UnreadableBook, read_book
from tests.corpus.gutenberg.mirrors import (
    CATALOGUE,
    HEADER,
    by_id,
    catalogue,
    generated,
    rdf,
    shelf,
    text,
    write,
)


@pytest.mark.parametrize(
    "path",
    [
        "cache/epub/1342/pg1342.txt",
        "1342/pg1342.txt",
        "files/1342/1342-0.txt",
        "files/1342/1342-8.txt",
        "files/1342/1342.txt",
        "1/3/4/1342/1342-0.txt",
        "1/3/4/1342/1342-8.txt",
        "1/3/4/1342/1342.txt",
    ],
)
def test_a_book_is_found_in_each_layout(tmp_path: Path, path: str) -> None:
    mirror = write(tmp_path / "mirror", {path: text(1342)})
    (file,) = shelf("1342", tmp_path / "books", mirror).files()
    assert file.size == (mirror / path).stat().st_size
    book = read_book(file)
    assert (book.id, book.source, book.title, book.author, book.language) == (
        "pg1342",
        "gutenberg",
        "Pride and Prejudice",
        "Jane Austen",
        "en",
    )
    assert book.text == "It is a truth universally acknowledged."
    assert book.url == "https://www.gutenberg.org/ebooks/1342"
    assert book.rights
    assert book.rights.startswith("This ebook is for the use of anyone anywhere")
    assert not (tmp_path / "books").exists()


def test_a_single_digit_lies_under_zero(tmp_path: Path) -> None:
    mirror = write(tmp_path / "mirror", {"0/9/9-0.txt": text(9, "Nine")})
    assert read_book(by_id(shelf("9", tmp_path, mirror))["pg9"]).title == "Nine"


def test_latin_1_is_read_and_utf8_preferred(tmp_path: Path) -> None:
    latin = text(7, body="Déjà vu.").decode().encode("latin-1", "ignore")
    mirror = write(tmp_path / "mirror", {"files/7/7-8.txt": latin})
    assert read_book(by_id(shelf("7", tmp_path, mirror))["pg7"]).text == "Déjà vu."
    write(mirror, {"files/7/7-0.txt": text(7, body="Better.")})
    assert read_book(by_id(shelf("7", tmp_path, mirror))["pg7"]).text == "Better."


@pytest.mark.parametrize("prefix", ["", "cache/epub/"])
def test_what_rdf_says_is_known_before_reading(tmp_path: Path, prefix: str) -> None:
    files = {
        f"{prefix}14155/pg14155.txt": text(14155, "MADAME BOVARY"),
        f"{prefix}14155/pg14155.rdf": rdf(14155, "Madame Bovary", "Flaubert, Gustave", "fr"),
    }
    mirror = write(tmp_path / "mirror", files)
    (file,) = shelf("14155", tmp_path, mirror).files()
    known = file.known
    assert (known.title, known.author, known.language) == (
        "Madame Bovary",
        "Gustave Flaubert",
        "fr",
    )
    assert known.rights == "Public domain in the USA."


def test_ids_are_in_order_and_books_that_are_missing_say_so(tmp_path: Path) -> None:
    mirror = write(tmp_path / "mirror", generated(84) | generated(1342))
    files = list(shelf("84,2,1342", tmp_path, mirror).files())
    assert [file.id for file in files] == ["pg1342", "pg2", "pg84"]
    with pytest.raises(UnreadableBook, match="has no text of it in any layout"):
        read_book(files[1])
    assert read_book(files[0]).text == read_book(files[2]).text


def test_copyright_in_the_rdf_leaves_a_book_out(tmp_path: Path) -> None:
    said = {"rights": "Copyrighted. Read the copyright notice inside this book for details."}
    mirror = write(tmp_path / "mirror", generated(27045, **said))
    (file,) = shelf("27045", tmp_path, mirror).files()
    with pytest.raises(UnreadableBook, match=r"in copyright \(Copyrighted\. Read"):
        read_book(file)


CLAIM = HEADER.replace("Title:", "** This is a COPYRIGHTED Project Gutenberg eBook **\n\nTitle:")


def test_copyright_in_the_header_counts_unless_the_rdf_says_otherwise(tmp_path: Path) -> None:
    mirror = write(tmp_path / "mirror", {"cache/epub/5/pg5.txt": text(5, header=CLAIM)})
    with pytest.raises(UnreadableBook, match="its header says"):
        read_book(by_id(shelf("5", tmp_path, mirror))["pg5"])
    write(mirror, {"cache/epub/5/pg5.rdf": rdf(5)})
    assert (
        read_book(by_id(shelf("5", tmp_path, mirror))["pg5"]).rights == "Public domain in the USA."
    )
    write(mirror, {"cache/epub/5/pg5.rdf": b"garbage"})
    with pytest.raises(UnreadableBook, match="its header says"):
        read_book(by_id(shelf("5", tmp_path, mirror))["pg5"])


def test_what_is_no_text_is_left_out(tmp_path: Path) -> None:
    mirror = write(tmp_path / "mirror", generated(9000, kind="Sound"))
    with pytest.raises(UnreadableBook, match=r"not a text \(Sound\)"):
        read_book(by_id(shelf("9000", tmp_path, mirror))["pg9000"])


def test_files_can_be_read_by_another_process(tmp_path: Path) -> None:
    mirror = write(tmp_path / "mirror", generated(84) | {"files/7/7-0.txt": text(7)})
    for file in shelf("7,84,99", tmp_path, mirror).files():
        copy = pickle.loads(pickle.dumps(file))
        if file.id == "pg99":
            with pytest.raises(UnreadableBook):
                copy.read()
        else:
            assert copy.read() == file.read()


def test_fingerprint_and_version_follow_the_files(tmp_path: Path) -> None:
    mirror = write(tmp_path / "mirror", generated(84) | generated(1342))
    one = shelf("84", tmp_path, mirror)
    before, version = one.fingerprint(), by_id(one)["pg84"].version
    assert shelf(" 84 ", tmp_path, mirror).fingerprint() == before
    assert shelf("84,1342", tmp_path, mirror).fingerprint() != before
    os.utime(mirror / "cache/epub/84/pg84.txt", (1, 1))
    assert one.fingerprint() != before
    assert by_id(one)["pg84"].version != version


def test_a_filter_uses_the_catalogue_in_the_folder(tmp_path: Path) -> None:
    files = generated(158) | generated(1342) | {CATALOGUE: catalogue()}
    mirror = write(tmp_path / "mirror", files)
    assert list(by_id(shelf("author=austen", tmp_path, f"file://{mirror}"))) == ["pg1342", "pg158"]
    with pytest.raises(CorpusError, match="no text that matches gutenberg:author=nobody"):
        list(shelf("author=nobody", tmp_path, mirror).files())


def test_a_folder_without_a_catalogue_is_a_sentence(tmp_path: Path) -> None:
    mirror = write(tmp_path / "mirror", generated(158))
    with pytest.raises(CorpusError, match=r"has no cache/epub/feeds/pg_catalog\.csv\.gz: add it"):
        shelf("author=austen", tmp_path, mirror).fingerprint()


@pytest.mark.parametrize("wanted", ["84", "author=austen"])
def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path, wanted: str) -> None:
    nowhere = shelf(wanted, tmp_path, tmp_path / "nowhere")
    for ask in (nowhere.fingerprint, lambda: list(nowhere.files())):
        with pytest.raises(CorpusError, match="is not a folder: check GUTENBERG_EXPLORER_GUTENB"):
            ask()


def test_there_is_nothing_to_verify(tmp_path: Path) -> None:
    assert shelf("84", tmp_path, write(tmp_path / "mirror", generated(84))).damage() == []


def test_links_lead_to_what_is_in_the_folder(tmp_path: Path) -> None:
    mirror = write(tmp_path / "mirror", generated(84) | generated(158))
    elsewhere = write(tmp_path / "elsewhere", generated(1342))
    (mirror / "cache/epub/1342").symlink_to(elsewhere / "cache/epub/1342")
    (mirror / "cache/epub/85").mkdir()
    (mirror / "cache/epub/85/pg85.txt").symlink_to("../84/pg84.txt")
    found = by_id(shelf("84,85,158,1342", tmp_path, mirror))
    assert found["pg85"].read() == found["pg84"].read()
    with pytest.raises(UnreadableBook, match="has no text of it"):
        found["pg1342"].read()


def test_the_folder_of_generated_files_may_be_elsewhere(tmp_path: Path) -> None:
    elsewhere = write(tmp_path / "elsewhere", generated(84))
    (tmp_path / "mirror/cache").mkdir(parents=True)
    (tmp_path / "mirror/cache/epub").symlink_to(elsewhere / "cache/epub")
    assert by_id(shelf("84", tmp_path, tmp_path / "mirror"))["pg84"].read()
