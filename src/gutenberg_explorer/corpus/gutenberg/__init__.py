"""The `gutenberg` shelf: Project Gutenberg from a mirror, on the network or in a folder."""

from gutenberg_explorer.corpus.gutenberg.shelf import GutenbergShelf

__all__ = ["GutenbergShelf"]
