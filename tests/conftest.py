"""What tests share: indexes of known books, and a backend over three small books."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer import corpus
from gutenberg_explorer.api import create_app
from gutenberg_explorer.index import IndexStore
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.browser.harbour import write_books
from tests.libraries import IndexedShelf, made_once, small_books
from tests.soak import SEED, SEED_VARIABLE, SHARE, SHARE_VARIABLE, share_of

# How long an example takes is the machine's matter, and no part of any test.
hypothesis.settings.register_profile(
    "ours",
    deadline=None,
    max_examples=share_of(2_000),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("ours")

CORPUS_VARIABLE = "GUTENBERG_EXPLORER_TEST_CORPUS"
LOCAL = "http://localhost"
"""Where a client of the app finds it: it answers to no other names unless it is told to."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let what is random come from one seed."""
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = SEED


def pytest_report_header() -> str:
    """Say by what the random programs of this run can be repeated."""
    return f"random programs: {SEED_VARIABLE}={SEED} {SHARE_VARIABLE}={SHARE}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark property tests as random programs."""
    for item in items:
        if isinstance(item, pytest.Function) and hypothesis.is_hypothesis_test(item.function):
            item.add_marker(pytest.mark.soak)


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
def shared_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run share, for what `made_once` makes."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"


@pytest.fixture(scope="session")
def corpus_zip(shared_dir: Path) -> Path:
    """NLTK's 18 books as a zip: the one that is set, or else the one that a user would get."""
    if path := os.environ.get(CORPUS_VARIABLE):
        return Path(path)
    url = str(Settings.model_fields["nltk_url"].default)

    def download(folder: Path) -> None:
        corpus.choose(corpus.candidates("nltk", corpus.Sources(folder, url, "")))

    try:
        folder = made_once(shared_dir / "nltk-books", download)
    except corpus.CorpusError as error:
        pytest.skip(f"The 18 books are not to be had: {error} Or set {CORPUS_VARIABLE}.")
    return folder / "nltk" / "gutenberg.zip"


@pytest.fixture(scope="session")
def indexed_18_books(corpus_zip: Path, shared_dir: Path) -> IndexedShelf:
    """The 18 books and their index. Not to be changed."""
    return IndexedShelf.once(corpus_zip, shared_dir / "nltk-data")


@pytest.fixture(scope="session")
def indexed_small_books(shared_dir: Path) -> IndexedShelf:
    """The three small books and their index. Not to be changed."""
    shelf = made_once(shared_dir / "small-books", small_books)
    return IndexedShelf.once(shelf, shared_dir / "small-data")


@pytest.fixture(scope="session")
def indexed_harbour(shared_dir: Path) -> IndexedShelf:
    """The books of `tests/browser/harbour.py` and their index. Not to be changed."""
    shelf = made_once(shared_dir / "harbour-books", write_books)
    return IndexedShelf.once(shelf, shared_dir / "harbour-data")


@pytest.fixture(scope="session")
def library_dir(indexed_18_books: IndexedShelf) -> Path:
    """A data directory that holds an index of the 18 books. Not to be changed."""
    return indexed_18_books.data_dir


@pytest.fixture(scope="session")
def library(library_dir: Path) -> Index:
    """The open index of the 18 books."""
    return IndexStore(library_dir).open()


@pytest.fixture
def shelf_dir(tmp_path: Path) -> Path:
    """A folder of three small books."""
    return small_books(tmp_path / "shelf")


@pytest.fixture
def settings(tmp_path: Path, indexed_small_books: IndexedShelf) -> Iterator[Settings]:
    """Settings over the three small books, which are indexed; the books are not to be changed."""
    before = {path: path.stat().st_mtime_ns for path in indexed_small_books.shelf.iterdir()}
    yield Settings(
        data_dir=indexed_small_books.copy_to(tmp_path / "data"), shelf=indexed_small_books.spec
    )
    after = {path: path.stat().st_mtime_ns for path in indexed_small_books.shelf.iterdir()}
    assert after == before, "The test has changed books that others use: see unindexed_settings."


@pytest.fixture
def unindexed_settings(tmp_path: Path, shelf_dir: Path) -> Settings:
    """Settings over three small books of the test's own, and an empty data directory."""
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
