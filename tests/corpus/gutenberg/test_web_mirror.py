import json
import logging
import os
import pickle
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import CorpusError, UnreadableBook, read_book
from gutenberg_explorer.corpus.gutenberg import GutenbergShelf
from tests.corpus.gutenberg.mirrors import (
    CATALOGUE,
    HEADER,
    Clock,
    by_id,
    catalogue,
    generated,
    rdf,
    shelf,
    text,
)
from tests.corpus.web import Fault, serve

COPYRIGHTED = "Copyrighted. Read the copyright notice inside this book for details."


def test_books_are_downloaded_once_and_kept_with_their_checksums(tmp_path: Path) -> None:
    with serve(generated(84) | generated(1342)) as web:
        files = by_id(shelf("84,1342", tmp_path, web.root))
        assert sorted(web.paths) == sorted(generated(84) | generated(1342))
        again = by_id(shelf("84,1342", tmp_path, web.root))
        assert len(web.requests) == 4
    book = read_book(files["pg1342"])
    assert (book.title, book.author, book.language) == ("Pride and Prejudice", "Jane Austen", "en")
    assert book.text == "It is a truth universally acknowledged."
    assert book.rights == "Public domain in the USA."
    assert book.url == "https://www.gutenberg.org/ebooks/1342"
    record = json.loads((tmp_path / "gutenberg/pg1342.json").read_text())
    assert record["url"] == f"{web.root}/cache/epub/1342/pg1342.txt"
    assert record["sha256"].startswith(files["pg1342"].version)
    assert record["bytes"] == files["pg1342"].size == len(text(1342))
    assert len(files["pg1342"].version) == 16
    assert list(again) == list(files)
    assert again["pg84"].version == files["pg84"].version
    assert pickle.loads(pickle.dumps(files["pg84"])).read() == text(84)
    assert {path.suffix for path in (tmp_path / "gutenberg").iterdir()} == {".txt", ".json"}


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("files/1342/1342-0.txt", 3),
        ("files/1342/1342-8.txt", 4),
        ("files/1342/1342.txt", 5),
        ("1/3/4/1342/1342-0.txt", 6),
        ("1/3/4/1342/1342.txt", 8),
    ],
)
def test_older_layouts_are_fallen_back_to(tmp_path: Path, path: str, asked: int) -> None:
    with serve({path: text(1342)}) as web:
        (file,) = shelf("1342", tmp_path, web.root).files()
        assert len(web.requests) == asked
    book = read_book(file)
    assert (book.title, book.author) == ("Pride and Prejudice", "Jane Austen")
    assert book.rights
    assert book.rights.startswith("This ebook is for the use of anyone")


def test_a_layout_that_is_known_is_asked_for_first(tmp_path: Path) -> None:
    with serve(
        {"1/0/10/10-0.txt": b"", "1/10/10-0.txt": text(10), "1/11/11-0.txt": text(11)}
    ) as web:
        list(shelf("10-11", tmp_path, web.root).files())
        assert web.paths[-1] == "1/11/11-0.txt"
        assert len([path for path in web.paths if "11" in path]) == 1


def test_a_book_that_is_not_there_costs_that_book_alone_and_is_asked_once(tmp_path: Path) -> None:
    with serve(generated(84)) as web:
        books = shelf("2,84", tmp_path, web.root)
        next(iter(books.files()))
        files = by_id(books)
        assert len([path for path in web.paths if "/2" in path]) == 8
    assert read_book(files["pg84"]).text
    with pytest.raises(UnreadableBook, match="has no text of it in any layout"):
        read_book(files["pg2"])


def test_copyrighted_books_are_not_even_downloaded(tmp_path: Path) -> None:
    with serve(generated(84) | generated(27045, rights=COPYRIGHTED)) as web:
        files = by_id(shelf("84,27045", tmp_path, web.root))
        by_id(shelf("84,27045", tmp_path, web.root))
        assert web.paths.count("cache/epub/27045/pg27045.rdf") == 1
        assert "cache/epub/27045/pg27045.txt" not in web.paths
    with pytest.raises(UnreadableBook, match="in copyright"):
        read_book(files["pg27045"])
    assert read_book(files["pg84"]).text


def test_a_header_that_claims_copyright_counts_where_there_is_no_rdf(tmp_path: Path) -> None:
    claim = HEADER.replace(
        "Title:", "** This is a COPYRIGHTED Project Gutenberg eBook **\n\nTitle:"
    )
    with serve({"cache/epub/5/pg5.txt": text(5, header=claim)}) as web:
        (file,) = shelf("5", tmp_path, web.root).files()
    with pytest.raises(UnreadableBook, match="its header says"):
        read_book(file)


@pytest.mark.parametrize("garbage", [b"", b"<html>", b"\x00" * 100, rdf(84)[:700]])
def test_garbage_for_rdf_leaves_what_the_book_says_of_itself(
    tmp_path: Path, garbage: bytes
) -> None:
    with serve({"cache/epub/84/pg84.rdf": garbage, "cache/epub/84/pg84.txt": text(84)}) as web:
        (file,) = shelf("84", tmp_path, web.root).files()
    assert file.known.title is None
    assert read_book(file).author == "Jane Austen"


def test_what_is_no_text_is_left_out(tmp_path: Path) -> None:
    with serve(generated(9000, kind="Sound")) as web:
        (file,) = shelf("9000", tmp_path, web.root).files()
        assert len(web.requests) == 1
    with pytest.raises(UnreadableBook, match=r"not a text \(Sound\)"):
        read_book(file)


def test_a_download_that_breaks_off_again_and_again_is_taken_up_by_the_next_run(
    tmp_path: Path,
) -> None:
    body = "\n\n".join(f"Paragraph {number}." for number in range(5_000))
    whole = text(84, body=body)
    path = "cache/epub/84/pg84.txt"
    with serve({path: whole, "cache/epub/84/pg84.rdf": rdf(84)}) as web:
        web.broken[path] = Fault(cut_after=10_000)
        with pytest.raises(CorpusError, match=r"pg84\.txt broke off, 5 times.*run the command ag"):
            list(shelf("84", tmp_path, web.root).files())
        assert not (tmp_path / "gutenberg/pg84.txt").exists()
        web.broken.clear()
        (file,) = shelf("84", tmp_path, web.root).files()
        assert web.ranges[-1] == "bytes=50000-"
    assert file.read() == whole


def test_one_book_that_fails_costs_that_book_alone(tmp_path: Path) -> None:
    with serve(generated(1) | generated(2) | generated(3)) as web:
        web.broken["cache/epub/2/pg2.txt"] = Fault(500)
        files = by_id(shelf("1-3", tmp_path, web.root))
    with pytest.raises(UnreadableBook, match="answered 500 5 times: build the index again later"):
        files["pg2"].read()
    assert files["pg1"].read() == text(1)
    assert files["pg3"].read() == text(3)


def test_a_mirror_that_fails_every_book_is_left_alone(tmp_path: Path) -> None:
    with serve({}) as web:
        web.status = 500
        with pytest.raises(
            CorpusError, match=r"failed for several books in a row \(.*ebooks/3: answered 500"
        ):
            list(shelf("1-9", tmp_path, web.root).files())
        assert len(web.requests) == 15


def test_a_mirror_that_says_no_is_asked_once(tmp_path: Path) -> None:
    with serve({}) as web:
        web.status = 403
        with pytest.raises(CorpusError, match=r"does not allow automated downloads\. Set GUTENB"):
            list(shelf("1-9", tmp_path, web.root).files())
        assert len(web.requests) == 1


def test_a_busy_mirror_gets_the_time_it_asks_for(tmp_path: Path) -> None:
    clock = Clock()
    with serve(generated(84)) as web:
        web.faults = [Fault(429, {"Retry-After": "30"}), Fault(503)]
        (file,) = shelf("84", tmp_path, web.root, clock).files()
    assert clock.slept == [30.0, 2.0]
    assert file.read() == text(84)


def test_a_mirror_that_is_gone_is_a_sentence_and_what_is_here_stays(tmp_path: Path) -> None:
    with serve(generated(84)) as web:
        list(shelf("84", tmp_path, web.root).files())
    (file,) = shelf("84", tmp_path, web.root).files()
    assert file.read() == text(84)
    with pytest.raises(CorpusError, match="can't be reached"):
        list(shelf("84,85", tmp_path, web.root).files())


def _damage(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length].replace(b"truth", b"fruit"))


def test_a_file_that_was_changed_is_not_read_and_is_found(tmp_path: Path) -> None:
    with serve(generated(84) | generated(85) | generated(86, rights=COPYRIGHTED)) as web:
        books = shelf("84-87", tmp_path, web.root)
        files = by_id(books)
        assert books.damage() == []
        damaged = tmp_path / "gutenberg/pg84.txt"
        _damage(damaged, 1_000_000)
        assert books.damage() == [f"{damaged} differs from the download: remove it."]
        with pytest.raises(UnreadableBook, match=r"checksum .*: delete .*pg84\.txt and build"):
            files["pg84"].read()
        assert files["pg85"].read() == text(85)
        damaged.unlink()
        assert books.damage() == [f"{damaged} differs from the download: remove it."]
        assert by_id(books)["pg84"].read() == text(84)
        assert books.damage() == []


def test_a_file_that_was_cut_is_downloaded_again(tmp_path: Path) -> None:
    with serve(generated(84)) as web:
        (file,) = shelf("84", tmp_path, web.root).files()
        _damage(tmp_path / "gutenberg/pg84.txt", 100)
        with pytest.raises(UnreadableBook, match="checksum"):
            file.read()
        (file,) = shelf("84", tmp_path, web.root).files()
    assert file.read() == text(84)


@pytest.mark.parametrize(
    "damage",
    [
        lambda record: b"",
        lambda record: b"[]",
        lambda record: b"{}",
        lambda record: b"garbage",
        lambda record: json.dumps(record | {"sha256": 1}).encode(),
        lambda record: json.dumps(record | {"bytes": "many"}).encode(),
        lambda record: json.dumps(record | {"title": ["x"]}).encode(),
        lambda record: json.dumps(record | {"more": "x"}).encode(),
    ],
)
def test_a_damaged_record_is_made_anew(
    tmp_path: Path, damage: Callable[[dict[str, object]], bytes]
) -> None:
    with serve(generated(84)) as web:
        list(shelf("84", tmp_path, web.root).files())
        path = tmp_path / "gutenberg/pg84.json"
        path.write_bytes(damage(json.loads(path.read_bytes())))
        assert shelf("84", tmp_path, web.root).damage() == [
            f"{path} differs from the download: remove it."
        ]
        (file,) = shelf("84", tmp_path, web.root).files()
    assert file.read() == text(84)


def test_an_interruption_leaves_nothing_half_and_the_rest_goes_on(tmp_path: Path) -> None:
    with serve(generated(1) | generated(2) | generated(3)) as web:
        books = shelf("1-3", tmp_path, web.root).files()
        next(books)
        assert isinstance(books, Generator)
        books.close()  # as when the program is told to end between two books
        assert sorted(path.name for path in (tmp_path / "gutenberg").iterdir()) == [
            "pg1.json",
            "pg1.txt",
        ]
        assert len(list(shelf("1-3", tmp_path, web.root).files())) == 3
        assert web.paths.count("cache/epub/1/pg1.txt") == 1


class Interrupted(BaseException):
    """What Ctrl-C is."""


def test_an_interruption_while_waiting_keeps_what_came(tmp_path: Path) -> None:
    def interrupt(seconds: float) -> None:
        raise Interrupted

    whole = text(84, body="Word. " * 20_000)
    with serve({"cache/epub/84/pg84.rdf": rdf(84), "cache/epub/84/pg84.txt": whole}) as web:
        web.faults = [Fault(), Fault(cut_after=70_000)]
        books = GutenbergShelf("84", tmp_path, web.root, 0.0, sleep=interrupt)
        with pytest.raises(Interrupted):
            list(books.files())
        assert not (tmp_path / "gutenberg/pg84.txt").exists()
        assert (tmp_path / "gutenberg/pg84.txt.part").stat().st_size == 70_000
        (file,) = shelf("84", tmp_path, web.root).files()
        assert web.ranges[-1] == "bytes=70000-"
    assert file.read() == whole


def test_progress_counts_what_is_downloaded(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None, str]] = []
    with serve(generated(1) | generated(2) | generated(3)) as web:
        list(shelf("1", tmp_path, web.root).files())
        for _ in range(2):
            books = GutenbergShelf(
                "1-3", tmp_path, web.root, 0.0, None, lambda *args: seen.append(args)
            )
            list(books.files())
    assert seen == [("Downloading 2 books", done, 2, "book") for done in (0, 1, 2)]


# --- the catalogue


def test_a_filter_is_looked_up_once_a_week(tmp_path: Path) -> None:
    site = generated(158) | generated(1342) | {CATALOGUE: catalogue()}
    with serve(site) as web:
        assert list(by_id(shelf("author=austen", tmp_path, web.root))) == ["pg1342", "pg158"]
        assert list(by_id(shelf("title=emma", tmp_path, web.root))) == ["pg158"]
        assert web.paths.count(CATALOGUE) == 1
        kept = tmp_path / "gutenberg/pg_catalog.csv.gz"
        week_ago = time.time() - 8 * 24 * 3600
        os.utime(kept, (week_ago, week_ago))
        list(shelf("title=emma", tmp_path, web.root).files())
        assert web.paths.count(CATALOGUE) == 2
        assert web.requests[-1].headers["If-None-Match"]
        list(shelf("title=emma", tmp_path, web.root).files())
        assert web.paths.count(CATALOGUE) == 2  # it was still the same, and is young again
        os.utime(kept, (week_ago, week_ago))
        web.content = site | {CATALOGUE: catalogue(())}
        with pytest.raises(CorpusError, match="no text that matches"):
            list(shelf("title=emma", tmp_path, web.root).files())


def test_a_fingerprint_needs_no_network(tmp_path: Path) -> None:
    with serve({CATALOGUE: catalogue()} | generated(158) | generated(1342)) as web:
        numbers = shelf("158,1342", tmp_path, web.root).fingerprint()
        assert not web.requests
        found = shelf("author=austen", tmp_path, web.root)
        first = found.fingerprint()
        assert web.paths == [CATALOGUE]
        list(found.files())
        assert found.fingerprint() == first
    week_ago = time.time() - 8 * 24 * 3600
    os.utime(tmp_path / "gutenberg/pg_catalog.csv.gz", (week_ago, week_ago))
    assert shelf("author=austen", tmp_path, web.root).fingerprint() == first == numbers
    assert shelf("158,1342", tmp_path, "http://127.0.0.1:9").fingerprint() == numbers
    for path in (tmp_path / "gutenberg/selections").iterdir():
        path.write_bytes(b"garbage")
    assert shelf("author=austen", tmp_path, web.root).fingerprint() == first


def test_an_old_catalogue_is_better_than_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serve({CATALOGUE: catalogue()} | generated(158)) as web:
        list(shelf("title=emma", tmp_path, web.root).files())
        kept = tmp_path / "gutenberg/pg_catalog.csv.gz"
        os.utime(kept, (1, 1))
        web.broken[CATALOGUE] = Fault(500)
        with caplog.at_level(logging.WARNING):
            assert list(by_id(shelf("title=emma", tmp_path, web.root))) == ["pg158"]
        assert "The catalogue of the last download is used." in caplog.text
        web.broken.clear()
        web.content = {CATALOGUE: b"<html>Please log in</html>"}
        assert list(by_id(shelf("title=emma", tmp_path, web.root))) == ["pg158"]
    assert kept.read_bytes() == catalogue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "pg_catalog.csv.gz does not exist: set GUTENBERG_EXPLORER_GUTENBERG_MIRROR"),
        ({CATALOGUE: b"<html>"}, "can't be read"),
        ({CATALOGUE: catalogue()[:-30]}, "can't be read"),
    ],
)
def test_no_catalogue_is_a_sentence_and_nothing_is_kept(
    tmp_path: Path, content: dict[str, bytes], message: str
) -> None:
    with serve(content) as web, pytest.raises(CorpusError, match=message):
        shelf("author=austen", tmp_path, web.root).fingerprint()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_the_catalogue_says_serves_where_there_is_no_rdf(tmp_path: Path) -> None:
    with serve({CATALOGUE: catalogue(), "files/158/158-0.txt": text(158, "EMMA")}) as web:
        (file,) = shelf("title=emma", tmp_path, web.root).files()
    book = read_book(file)
    assert (book.title, book.author, book.language) == ("Emma", "Jane Austen", "en")
