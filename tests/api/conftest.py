import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer.api import Backend, create_app
from gutenberg_explorer.settings import Settings


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
    with TestClient(create_app(Backend.open(settings)), raise_server_exceptions=False) as client:
        yield client
