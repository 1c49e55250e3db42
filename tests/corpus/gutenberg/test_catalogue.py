import gzip
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import CorpusError
from gutenberg_explorer.corpus.book import Metadata
from gutenberg_explorer.corpus.gutenberg import catalogue
from gutenberg_explorer.corpus.gutenberg.spec import Filter, parse
from tests.corpus.gutenberg import mirrors


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "pg_catalog.csv.gz"
    path.write_bytes(mirrors.catalogue())
    return path


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("author=austen", [158, 1342]),
        ("author=jane austen;title=emma", [158]),
        ("author=austen;limit=1", [158]),
        ("subject=whaling", [2701, 15859]),
        ("subject=fiction whaling", [2701]),
        ("language=fr", [158, 14155]),
        ("language=fr;bookshelf=litterature", [14155]),
        ("bookshelf=best books;language=en", [1342, 15859]),
        ("author=nobody", []),
        ("limit=2", [158, 1342]),
    ],
)
def test_filters_find_texts_lowest_numbers_first(path: Path, text: str, numbers: list[int]) -> None:
    wanted = parse(text)
    assert isinstance(wanted, Filter)
    assert list(catalogue.select(path, wanted)) == numbers


def test_a_row_says_title_author_and_language(path: Path) -> None:
    found = catalogue.select(path, Filter())
    assert found[158] == Metadata("Emma", "Jane Austen", language="en")
    assert found[15859] == Metadata("The Whaling", "Ann Doe", language="en")
    assert found[14155] == Metadata("Madame Bovary", "Gustave Flaubert", language="fr")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>Please log in</html>",
        gzip.compress(b"<html>Please log in</html>", mtime=0),
        mirrors.catalogue()[:-20],
        mirrors.catalogue()[:40] + b"garbage" + mirrors.catalogue()[47:],
        gzip.compress(b"Text#,Type\n1,Text\n", mtime=0),
        gzip.compress(b"\xff\xfe" * 100, mtime=0),
        gzip.compress(b'"' + b"x" * 300_000, mtime=0),
    ],
)
def test_garbage_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "pg_catalog.csv.gz"
    path.write_bytes(data)
    with pytest.raises(CorpusError, match="catalogue"):
        catalogue.select(path, Filter())


@pytest.mark.parametrize(
    "line",
    [
        b"9" * 5_000 + b",Text,2000-01-01,A Title,en,An Author,,,\n",
        b'99,Text,2000-01-01,"Never closed,en,An Author,,,\n',
        b"99,Text," + b"x" * 300_000 + b"\n",
        b"99,Te\0xt\n",
        b"\xff\xfe,\xff\n",
        b"99\n",
    ],
)
@pytest.mark.parametrize("place", [1, 3])
def test_a_line_that_can_not_be_read_costs_itself_alone(
    path: Path, line: bytes, place: int
) -> None:
    lines = gzip.decompress(mirrors.catalogue()).splitlines(keepends=True)
    whole = catalogue.select(path, Filter())
    assert b"".join(lines[:place]).count(b'"') % 2 == 0
    changed = b"".join([*lines[:place], line, *lines[place:]])
    path.write_bytes(gzip.compress(changed, mtime=0))
    assert catalogue.select(path, Filter()) == whole


def test_lines_that_can_not_be_read_are_counted(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    changed = gzip.decompress(mirrors.catalogue()) + b'99,"never closed\n98,"nor this\n'
    path.write_bytes(gzip.compress(changed, mtime=0))
    assert catalogue.select(path, Filter())
    (message,) = caplog.messages
    assert message.startswith("2 lines of the catalogue")


def test_no_catalogue_is_unpacked_without_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_MAX_BYTES", 100_000)
    path.write_bytes(gzip.compress(gzip.decompress(mirrors.catalogue()) + b"x" * 1_000_000))
    with pytest.raises(CorpusError, match="EOFError"):
        catalogue.select(path, Filter())
