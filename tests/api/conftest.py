from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer.api import Backend, create_app
from gutenberg_explorer.settings import Settings


@pytest.fixture(scope="package")
def books18(library_dir: Path, corpus_zip: Path) -> Iterator[TestClient]:
    """A client of the app over the 18 books."""
    settings = Settings(data_dir=library_dir, shelf=f"directory:{corpus_zip}", trace_store="off")
    with TestClient(create_app(Backend.open(settings)), raise_server_exceptions=False) as client:
        yield client
