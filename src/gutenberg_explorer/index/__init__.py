"""Builds, publishes and opens an immutable, memory-mapped index of books."""

from gutenberg_explorer.index.build import build, open_or_build
from gutenberg_explorer.index.layout import BookEntry, IndexDamaged, IndexMissing, UnusableIndex
from gutenberg_explorer.index.reader import Index, Term
from gutenberg_explorer.index.store import IndexStore

__all__ = [
    "BookEntry",
    "Index",
    "IndexDamaged",
    "IndexMissing",
    "IndexStore",
    "Term",
    "UnusableIndex",
    "build",
    "open_or_build",
]
