"""Builds, publishes and opens an immutable, memory-mapped index of books.

What searches imports `Index` from `reader`, which loads numpy and tantivy; this package alone does
not.
"""

from gutenberg_explorer.index.index_store import IndexStore
from gutenberg_explorer.index.inventory import StoredLibrary, prune, stored_libraries
from gutenberg_explorer.index.library import Library
from gutenberg_explorer.index.manifest import (
    BookEntry,
    IndexDamaged,
    IndexMissing,
    Manifest,
    UnusableIndex,
)
from gutenberg_explorer.index.read_only_library import ReadOnlyLibrary

__all__ = [
    "BookEntry",
    "IndexDamaged",
    "IndexMissing",
    "IndexStore",
    "Library",
    "Manifest",
    "ReadOnlyLibrary",
    "StoredLibrary",
    "UnusableIndex",
    "prune",
    "stored_libraries",
]
