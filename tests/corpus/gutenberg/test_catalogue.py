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
