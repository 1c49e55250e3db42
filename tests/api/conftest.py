from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer.api import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import client_of


@pytest.fixture(scope="package")
def books18(library_dir: Path, corpus_zip: Path) -> Iterator[TestClient]:
    """A client of the app over the 18 books."""
    settings = Settings(data_dir=library_dir, shelf=f"directory:{corpus_zip}", trace_store="off")
    with client_of(Backend.open(settings)) as client:
        yield client
