"""Reading files of unknown content: regular files alone, and no more of them than a bound."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote_to_bytes, urlsplit

from gutenberg_explorer.corpus.book import UnreadableBook

MAX_BOOK_BYTES = 64 * 1024 * 1024
"""The largest book. Of the texts of Project Gutenberg only the human genome is larger."""

_CHUNK = 64 * 1024


def too_large(limit: int = MAX_BOOK_BYTES) -> UnreadableBook:
    """Return the error for a book of more than `limit` bytes."""
    return UnreadableBook(f"it is larger than {limit} bytes")


def path_of(text: str) -> Path:
    """Return the path that a setting means: a path, where `~` is a home, or a `file:` URL."""
    if text.startswith("file:"):
        text = os.fsdecode(unquote_to_bytes(urlsplit(text).path))
    path = Path(text.replace("\0", "\ufffd"))
    try:
        return path.expanduser()
    except RuntimeError:  # there is no such user
        return path


def real_path(path: Path) -> Path:
    """Return where a path leads, with all links followed as far as they can be."""
    # Path.resolve raises RuntimeError for links in a circle.
    return Path(os.path.realpath(path))


def why(error: OSError) -> str:
    """Return what the system says of an error, in words."""
    return error.strerror or type(error).__name__


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading, without following a link. Raises OSError.

    A named pipe would block, and a device might do anything: neither is opened.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file")
    # Another may have taken its place meanwhile.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file")
    return os.fdopen(descriptor, "rb", buffering=0)


def read_file(path: Path, limit: int = MAX_BOOK_BYTES) -> bytes:
    """Return a book's file, which may grow meanwhile. Raises UnreadableBook.

    That is also raised for one of more than `limit` bytes, of which no more is read.
    """
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                raise too_large(limit)
            data = file.read(size + 1)
            while len(data) <= limit and (more := file.read(_CHUNK)):
                data += more
    except OSError as error:
        raise UnreadableBook(why(error)) from None
    if len(data) > limit:
        raise too_large(limit)
    return data
