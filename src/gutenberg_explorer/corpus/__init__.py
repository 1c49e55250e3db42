"""Where books come from. Knows telemetry and nothing else of the project."""

from gutenberg_explorer.corpus.book import (
    Book,
    BookFile,
    CorpusError,
    Progress,
    Shelf,
    UnreadableBook,
    no_progress,
)
from gutenberg_explorer.corpus.shelves import candidates, choose, read_book

__all__ = [
    "Book",
    "BookFile",
    "CorpusError",
    "Progress",
    "Shelf",
    "UnreadableBook",
    "candidates",
    "choose",
    "no_progress",
    "read_book",
]
