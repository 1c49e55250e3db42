"""Bytes to text: UTF-8, UTF-16 with a byte order mark, Windows-1252 and Latin-1."""

import codecs
import re

from gutenberg_explorer.corpus.book import UnreadableBook

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_C1_CONTROLS = re.compile(rb"[\x80-\x9f]")


def _decode(data: bytes) -> str:
    if data.startswith(_UTF16_MARKS):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise UnreadableBook("it is not valid UTF-16") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    # Latin-1 has control characters where Windows-1252 has quotation marks and dashes; no book
    # means the former.
    if _C1_CONTROLS.search(data):
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            pass
    return data.decode("latin-1")


def decode(data: bytes) -> str:
    """Return the text of a file, its lines ended by a line feed each.

    Raises UnreadableBook for what is not text.
    """
    text = _decode(data)
    del data
    if "\0" in text:
        raise UnreadableBook("it is not a text file")
    # A DOS end-of-file mark, U+001A, ends some old files.
    text = text.replace("\x1a", "")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
