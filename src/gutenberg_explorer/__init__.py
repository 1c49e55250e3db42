"""Full-text search over Project Gutenberg in which every search is one distributed trace."""

from gutenberg_explorer._version import __version__

__all__ = ["__version__"]
