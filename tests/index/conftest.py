"""What tests of the index share: the texts of the 18 books."""

from pathlib import Path

import pytest

from gutenberg_explorer import corpus


@pytest.fixture(scope="session")
def real_texts(corpus_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The texts of NLTK's 18 books, by id."""
    sources = corpus.Sources(tmp_path_factory.mktemp("texts"), "", "")
    shelf = corpus.shelf_of(f"directory:{corpus_zip}", sources)
    return {file.id: corpus.read_book(file).text for file in shelf.files()}
