"""Names of files and other words from outside as texts that can be stored and shown on one line."""

import unicodedata

_LONGEST_NAME = 200
_LONGEST_LINE = 2_000
_ESCAPED_BYTES = range(0xDC80, 0xDD00)  # how Python keeps a byte that is not UTF-8 in a name


def _is_shown(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"


def _escaped(char: str) -> str:
    if ord(char) in _ESCAPED_BYTES:
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("unicode_escape").decode()


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def is_printable(text: str) -> bool:
    """Return whether a text can be stored and shown as it is."""
    return all(map(_is_shown, text))


def printable(name: object) -> str:
    r"""Return a name with escapes, such as `\n` or `\xe9`, for what can't be shown.

    A byte that is not UTF-8 is one of these. Very long names are shortened.
    """
    text = str(name)
    return _shortened("".join(c if _is_shown(c) else _escaped(c) for c in text), _LONGEST_NAME)


def one_line(text: str | None) -> str | None:
    """Return a title or the like without control characters, None where nothing is left of it.

    Control characters become spaces; what is no character becomes U+FFFD. Very long texts are
    shortened.
    """
    if text is None:
        return None
    text = text[: _LONGEST_LINE + 1]
    if not is_printable(text):
        kinds = [(char, unicodedata.category(char)) for char in text]
        text = "".join(
            " " if kind in ("Cc", "Zl", "Zp") else "\ufffd" if kind == "Cs" else char
            for char, kind in kinds
        )
    return _shortened(text.strip(), _LONGEST_LINE) or None
