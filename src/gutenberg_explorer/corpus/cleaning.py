"""Project Gutenberg's boilerplate: what it says of the book, and how it is cut away.

The markers are those that Project Gutenberg has used since the 1990s; NLTK's corpus has a first
line of its own, `[Title by Author Year]`, in their place.
"""

import re

from gutenberg_explorer.corpus.book import Metadata

# No header is longer than this, and no footer.
_HEADER_BOUND = 60_000
_FOOTER_BOUND = 30_000

_START = re.compile(
    r"^[ \t]*\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG[^\n]*(?:\n[^\n*]+){0,3}\*\*\*[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_OLD_START = re.compile(
    r"^(?:\*END\*? ?THE SMALL PRINT|\*SMALL PRINT!? Ver|\[\"Small Print\" V)[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(
    r"^[ \t]*\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG", re.IGNORECASE | re.MULTILINE
)
_OLD_END = re.compile(
    r"^[ \t]*(?:(?:This is the )?End of (?:the |this )?|Ende (?:dieses |des )?|Fin (?:de |du )?)"
    r"Proje[ck]?t Gutenberg",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_CREDITS = 50  # paragraphs
_ANOTHER_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*\S")
# A first paragraph that begins as credits do, or that speaks of Project Gutenberg's own work.
_CREDITS = re.compile(
    r"\A\s*+(?:\[?(?:(?:This )?(?:e-?text|e-?book|file|text) (?:was )?)?"
    r"(?:produced|prepared|transcribed|scanned|digiti[sz]ed|proofed)"
    r"(?:,? (?:and |& )?(?:proof(?:ed|read)|prepared|produced|formatted|edited|scanned))*"
    r" (?:by|from)\b"
    r"|HTML version by\b"
    r"|(?=(?:[^\n]+\n)*?[^\n]*Project Gutenberg)"
    r"(?=(?:[^\n]+\n)*?[^\n]*"
    r"\b(?:e-?books?|e-?texts?|release|version|edition|files?|proofread\w*|images|https?|www)\b))"
    r"(?:[^\n]+\n)*(?:[^\n]+\Z)?",
    re.IGNORECASE,
)
_NLTK_LINE = re.compile(r"\A\s*\[([^\]\n]{1,200})\][ \t]*\n")
_NLTK_PARTS = re.compile(r"(?P<title>.+?)(?:,? by (?P<author>.+?))?(?:,? (?P<year>\d{4}))?")
_FIELD = re.compile(r"^(Title|Author|Language):[ \t]*(\S[^\n]*)$", re.MULTILINE)
_NOTICE = re.compile(
    r"^This e-?(?:book|text) is for the use of anyone[^\n]*(?:\n[^\n]+)*",
    re.IGNORECASE | re.MULTILINE,
)
_LANGUAGES = {
    "chinese": "zh", "danish": "da", "dutch": "nl", "english": "en", "esperanto": "eo",
    "finnish": "fi", "french": "fr", "german": "de", "greek": "el", "hungarian": "hu",
    "italian": "it", "japanese": "ja", "latin": "la", "norwegian": "no", "polish": "pl",
    "portuguese": "pt", "russian": "ru", "spanish": "es", "swedish": "sv", "tagalog": "tl",
}  # fmt: skip


def _split_nltk_line(text: str) -> tuple[Metadata, int] | None:
    line = _NLTK_LINE.match(text)
    parts = _NLTK_PARTS.fullmatch(line[1]) if line else None
    if line is None or parts is None or not (parts["author"] or parts["year"]):
        # `[The King James Bible]` names no one and no year, and is still not part of the text.
        if line is None or line.start(1) != 1:
            return None
        return Metadata(title=line[1]), line.end()
    year = int(parts["year"]) if parts["year"] else None
    return Metadata(parts["title"], parts["author"], year), line.end()


def _header_metadata(header: str) -> Metadata:
    found = {name: value.strip() for name, value in reversed(_FIELD.findall(header))}
    # Of several languages the first is the book's.
    name = re.split(r"[,;]| and ", found.get("Language", "English").lower())[0]
    notice = _NOTICE.search(header)
    return Metadata(
        found.get("Title"),
        found.get("Author"),
        language=_LANGUAGES.get(name.strip(), "und"),
        rights=" ".join(notice[0].split()) if notice else None,
    )


def _find_start(text: str) -> re.Match[str] | None:
    return _START.search(text, 0, _HEADER_BOUND) or _OLD_START.search(text, 0, _HEADER_BOUND)


def header(text: str) -> str:
    """Return what stands before a book's own text, with its last line; an empty text for none."""
    start = _find_start(text)
    return text[: start.end()] if start else ""


def _credits_end(text: str, start: int, end: int) -> int:
    """Return where the producers' credits end that a text may have at `start`, before `end`."""
    for _ in range(_MOST_CREDITS):
        opening = text[start : min(start + _HEADER_BOUND, end)]
        credit = _CREDITS.match(opening)
        if not credit or credit.end() == _HEADER_BOUND:
            break
        start += credit.end()
    return start


def _footer_start(text: str, start: int) -> int:
    """Return where the footer begins of a text whose body begins at `start`."""
    # A book made of books has their markers inside.
    inside = max(text.rfind("*** START OF TH", start), text.rfind("***START OF TH", start), start)
    found = _END.search(text, inside)
    end = found.start() if found else len(text)
    bound = max(start, end - _FOOTER_BOUND)
    for old_end in reversed(list(_OLD_END.finditer(text, bound, end))):
        # White space at the end would be searched again from each of its lines.
        last = bound + len(text[bound:end].rstrip())
        if found and _ANOTHER_PARAGRAPH.search(text, old_end.end(), last):
            break
        found, end = old_end, old_end.start()
    return end


def split(text: str) -> tuple[Metadata, str]:
    """Return what a file says of its book, and the book's own text.

    Header, footer, licence and producers' credits are cut; every paragraph of the body stays.
    """
    known, start = Metadata(), 0
    found = _find_start(text)
    if found:
        known, start = _header_metadata(text[: found.start()]), found.end()
    elif nltk := _split_nltk_line(text):
        known, start = nltk
    end = _footer_start(text, start)
    if found:
        # The line that ends a book also speaks of Project Gutenberg's work.
        start = _credits_end(text, start, end)
    body = text[start:end]
    return known, body.strip("\n").rstrip()
