"""Project Gutenberg's boilerplate: what it says of the book, and how it is cut away.

The markers are those that Project Gutenberg has used since the 1990s; NLTK's corpus has a first
line of its own, `[Title by Author Year]`, in their place.
"""

import re
from dataclasses import replace

from gutenberg_explorer.corpus.book import Metadata

# No header is longer than this, and no footer.
_HEADER_BOUND = 60_000
_FOOTER_BOUND = 30_000

_START = re.compile(
    r"^[ \t]*\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG[^\n]*(?:\n[^\n*]+)?\*\*\*[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_OLD_START = re.compile(r"^\*END\*? ?THE SMALL PRINT[^\n]*$", re.IGNORECASE | re.MULTILINE)
_END = re.compile(
    r"^[ \t]*\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG", re.IGNORECASE | re.MULTILINE
)
_OLD_END = re.compile(
    r"^[ \t]*(?:This is the )?End of (?:the |this )?Project Gutenberg", re.IGNORECASE | re.MULTILINE
)
# A first paragraph that begins as credits do, or that speaks of Project Gutenberg.
_CREDITS = re.compile(
    r"\A\s*(?:(?:\[?(?:E-?text |This e-?text was )?"
    r"(?:produced|prepared|transcribed|scanned|digitized) (?:by|from)\b)"
    r"|(?=(?:[^\n]+\n)*?[^\n]*Project Gutenberg))"
    r"(?:[^\n]+\n)*(?:[^\n]+\Z)?",
    re.IGNORECASE,
)
_NLTK_LINE = re.compile(r"\A\s*\[([^\]\n]{1,200})\][ \t]*\n")
_NLTK_PARTS = re.compile(r"(?P<title>.+?)(?:,? by (?P<author>.+?))?(?:,? (?P<year>\d{4}))?")
_FIELD = re.compile(r"^(Title|Author|Language):[ \t]*(\S[^\n]*)$", re.MULTILINE)
_LANGUAGES = {"english": "en", "french": "fr", "german": "de", "japanese": "ja", "spanish": "es"}


def _split_nltk_line(text: str) -> tuple[Metadata, str] | None:
    line = _NLTK_LINE.match(text)
    parts = _NLTK_PARTS.fullmatch(line[1]) if line else None
    if line is None or parts is None or not (parts["author"] or parts["year"]):
        # `[The King James Bible]` names no one and no year, and is still not part of the text.
        if line is None or line.start(1) != 1:
            return None
        return Metadata(title=line[1]), text[line.end() :]
    year = int(parts["year"]) if parts["year"] else None
    return Metadata(parts["title"], parts["author"], year), text[line.end() :]


def _header_metadata(header: str) -> Metadata:
    found = {name: value.strip() for name, value in reversed(_FIELD.findall(header))}
    language = _LANGUAGES.get(found.get("Language", "English").lower(), "und")
    return replace(Metadata(found.get("Title"), found.get("Author")), language=language)


def split(text: str) -> tuple[Metadata, str]:
    """Return what a file says of its book, and the book's own text.

    Header, footer, licence and producers' credits are cut; every paragraph of the body stays.
    """
    known = Metadata()
    start = _START.search(text, 0, _HEADER_BOUND) or _OLD_START.search(text, 0, _HEADER_BOUND)
    if start:
        known = _header_metadata(text[: start.start()])
        text = text[start.end() :]
        while credit := _CREDITS.match(text):
            text = text[credit.end() :]
    elif nltk := _split_nltk_line(text):
        known, text = nltk
    end = _END.search(text)
    if end:
        text = text[: end.start()]
    old_end = _OLD_END.search(text, max(0, len(text) - _FOOTER_BOUND))
    if old_end:
        text = text[: old_end.start()]
    return known, text.strip("\n").rstrip()
