import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import client_of
from tests.libraries import IndexedShelf


@pytest.fixture(autouse=True)
def _silent_client() -> Iterator[None]:
    """Keep what the tests' client logs out of the backend's log, which it shares a process with."""
    client = logging.getLogger("httpx2")
    client.propagate = False
    yield
    client.propagate = True


@pytest.fixture(scope="package")
def books18(indexed_18_books: IndexedShelf) -> Iterator[TestClient]:
    """A client of the app over the 18 books."""
    settings = Settings(
        data_dir=indexed_18_books.data_dir, shelf=indexed_18_books.spec, trace_store="off"
    )
    with client_of(Backend.open(settings)) as client:
        yield client


@pytest.fixture(scope="package")
def shared_client(
    tmp_path_factory: pytest.TempPathFactory, indexed_small_books: IndexedShelf
) -> Iterator[TestClient]:
    """A client of the app over three small books, for tests that leave no mark on it."""
    data_dir = indexed_small_books.copy_to(tmp_path_factory.mktemp("shared"))
    with client_of(
        Backend.open(Settings(data_dir=data_dir, shelf=indexed_small_books.spec))
    ) as client:
        yield client
