"""Builds, publishes and opens an immutable, memory-mapped index of books."""

from gutenberg_explorer.index.contents import Heading
from gutenberg_explorer.index.library import Library
from gutenberg_explorer.index.manifest import (
    BookEntry,
    IndexDamaged,
    IndexMissing,
    UnusableIndex,
)
from gutenberg_explorer.index.reader import Index, Term
from gutenberg_explorer.index.store import IndexStore

__all__ = [
    "BookEntry",
    "Heading",
    "Index",
    "IndexDamaged",
    "IndexMissing",
    "IndexStore",
    "Library",
    "Term",
    "UnusableIndex",
]
