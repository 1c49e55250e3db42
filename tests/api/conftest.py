import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import client_of, small_books


@pytest.fixture(autouse=True)
def _silent_client() -> Iterator[None]:
    """Keep what the tests' client logs out of the backend's log, which it shares a process with."""
    client = logging.getLogger("httpx2")
    client.propagate = False
    yield
    client.propagate = True


@pytest.fixture(scope="package")
def books18(library_dir: Path, corpus_zip: Path) -> Iterator[TestClient]:
    """A client of the app over the 18 books."""
    settings = Settings(data_dir=library_dir, shelf=f"directory:{corpus_zip}", trace_store="off")
    with client_of(Backend.open(settings)) as client:
        yield client


@pytest.fixture(scope="package")
def shared_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the app over three small books, for tests that leave no mark on it."""
    folder = tmp_path_factory.mktemp("shared")
    shelf = small_books(folder / "shelf")
    with client_of(
        Backend.open(Settings(data_dir=folder / "data", shelf=f"directory:{shelf}"))
    ) as client:
        yield client
