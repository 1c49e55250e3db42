"""What tests of the index share: the texts of the 18 books."""

from pathlib import Path

import pytest

from gutenberg_explorer import corpus


@pytest.fixture(scope="session")
def real_texts(corpus_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The texts of NLTK's 18 books, by id."""
    shelves = corpus.candidates(f"directory:{corpus_zip}", tmp_path_factory.mktemp("texts"), "")
    return {file.id: corpus.read_book(file).text for file in shelves[0].files()}
