"""What tests share: the 18 books and their index, and a backend over three small books."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer import corpus
from gutenberg_explorer.api import create_app
from gutenberg_explorer.corpus import Progress, Shelf, no_progress
from gutenberg_explorer.index import IndexStore, Library
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings

# How long an example takes is the machine's matter, and no part of any test.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

CORPUS_VARIABLE = "GUTENBERG_EXPLORER_TEST_CORPUS"
LOCAL = "http://localhost"
"""Where a client of the app finds it: it answers to no other names unless it is told to."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests in one process, which shares what they share, and those of the page too.

    Two browsers at once would keep each other waiting on a machine of two cores.
    """
    for item in items:
        is_page = item.get_closest_marker("browser") is not None
        item.add_marker(pytest.mark.xdist_group("browser" if is_page else str(item.path)))


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in os.environ:
        if name.startswith(("GUTENBERG_EXPLORER_", "OTEL_")) and name != CORPUS_VARIABLE:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Undo what a test or its backend does to the set-up of logging."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def corpus_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """NLTK's 18 books as a zip: the one that is set, or else the one that a user would get."""
    if path := os.environ.get(CORPUS_VARIABLE):
        return Path(path)
    folder = tmp_path_factory.mktemp("books")
    url = str(Settings.model_fields["nltk_url"].default)
    try:
        corpus.choose(corpus.candidates("nltk", corpus.Sources(folder, url, "")))
    except corpus.CorpusError as error:
        pytest.skip(f"The 18 books are not to be had: {error} Or set {CORPUS_VARIABLE}.")
    return folder / "nltk" / "gutenberg.zip"


@pytest.fixture(scope="session")
def library_dir(corpus_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that holds an index of the 18 books. Not to be changed."""
    folder = tmp_path_factory.mktemp("library")
    library_of(f"directory:{corpus_zip}", folder).build()
    return folder


@pytest.fixture(scope="session")
def library(library_dir: Path) -> Index:
    """The open index of the 18 books."""
    return IndexStore(library_dir).open()


def library_of(spec: str, data_dir: Path, progress: Progress = no_progress) -> Library:
    """Return the library of a shelf in a data directory."""

    def shelf_of(spec: str) -> Shelf:
        return corpus.shelf_of(spec, corpus.Sources(data_dir, "", ""), progress)

    return Library(IndexStore(data_dir), [shelf_of(spec)], shelf_of, progress)


def small_books(folder: Path) -> Path:
    """Write three small books to `folder`, which is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "whale": "[The Whale by Ann Sea 1850]\n\nThe white whale swims. The whale sings of love.",
        "garden": "[A Garden by Bob Rose 1901]\n\nLove grows in the garden; the garden is white.",
        "storm": "[Storm by Ann Sea 1870]\n\nA storm came over the sea and took the ship away.",
    }
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text + "\n")
    return folder


@pytest.fixture
def shelf_dir(tmp_path: Path) -> Path:
    """A folder of three small books."""
    return small_books(tmp_path / "shelf")


@pytest.fixture
def settings(tmp_path: Path, shelf_dir: Path) -> Settings:
    """Settings over the three small books and an empty data directory."""
    return Settings(data_dir=tmp_path / "data", shelf=f"directory:{shelf_dir}")


@pytest.fixture
def backend(settings: Settings) -> Iterator[Backend]:
    """An open backend over the three small books."""
    opened = Backend.open(settings)
    yield opened
    opened.close()


def client_of(backend: Backend) -> TestClient:
    """Return a client of the app over a backend; errors of the server are answers."""
    return TestClient(create_app(backend), LOCAL, raise_server_exceptions=False)


@pytest.fixture
def client(backend: Backend) -> Iterator[TestClient]:
    """A client of the app over the three small books."""
    with client_of(backend) as opened:
        yield opened
