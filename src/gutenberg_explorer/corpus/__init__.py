"""Where books come from. Imports no other part of the project."""

from gutenberg_explorer.corpus.book import (
    Book,
    BookFile,
    CorpusError,
    Progress,
    Shelf,
    UnreadableBook,
    no_progress,
)
from gutenberg_explorer.corpus.shelves import (
    AUTO,
    SHELVES,
    ShelfKind,
    Sources,
    candidates,
    choose,
    read_book,
    shelf_of,
)

__all__ = [
    "AUTO",
    "SHELVES",
    "Book",
    "BookFile",
    "CorpusError",
    "Progress",
    "Shelf",
    "ShelfKind",
    "Sources",
    "UnreadableBook",
    "candidates",
    "choose",
    "no_progress",
    "read_book",
    "shelf_of",
]
