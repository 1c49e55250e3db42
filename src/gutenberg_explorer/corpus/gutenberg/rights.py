"""Whether a book may be served: what its notice and the header of its text say of copyright."""

import re
from collections.abc import Callable

from gutenberg_explorer.corpus import cleaning
from gutenberg_explorer.corpus.book import UnreadableBook

_HEADER_BYTES = 64 * 1024
_PUBLIC = re.compile(r"public domain|not copyrighted", re.IGNORECASE)
_COPYRIGHTED = re.compile(r"copyright|all rights reserved", re.IGNORECASE)
# Years that a copyright in the United States can still be of.
_IN_HEADER = re.compile(
    r"This is a COPYRIGHTED Project Gutenberg|SMALL PRINT[^\n]*COPYRIGHT PROTECTED"
    r"|^\W*Copyright\W+(?:C\W+)?(?:19[3-9]\d|20\d\d)\b",
    re.IGNORECASE | re.MULTILINE,
)


def is_public(notice: str | None) -> bool:
    """Return whether a notice says that the book is in the public domain."""
    return bool(notice and _PUBLIC.search(notice))


def refusal(notice: str | None) -> str | None:
    """Return why a book with this notice is not to be had; None where the notice doesn't say so."""
    if notice and not is_public(notice) and _COPYRIGHTED.search(notice):
        return f"it is in copyright ({notice})"
    return None


def read_free(read: Callable[[], bytes]) -> bytes:
    """Return what `read` returns, a text whose header is the only notice that there is.

    Raises UnreadableBook where it is in copyright.
    """
    data = read()
    header = cleaning.header(data[:_HEADER_BYTES].decode("utf-8", "replace").replace("\r", ""))
    if said := _IN_HEADER.search(header):
        raise UnreadableBook(f"it is in copyright (its header says: {said[0].strip()})")
    return data
