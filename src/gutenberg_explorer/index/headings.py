"""What may be a heading of a book: lines of a heading's form, with what they say.

Books are not marked up: a heading is told by its words (`CHAPTER I`, `PREFACE`), by capitals and by
the space around it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Line:
    """What may be a heading, from `start` to `end` in characters.

    `kind` is that of its label (`volume`, `part`, `book`, `act`, `chapter`, `section` or `scene`),
    or `numeral`, `front` (a preface or an epilogue), `list` (a table of contents), `poem`, or
    `title` for other capitals. `number` is 0 where there is none. `gap` counts the line feeds
    before it. `is_bare` tells that it has a number and no words.
    """

    kind: str
    number: int
    title: str
    start: int
    end: int
    gap: int = 0
    is_bare: bool = False


_KINDS = {
    "volume": "volume|vol",
    "part": "part",
    "book": "book",
    "act": "act|actus",
    "chapter": "chapter|canto|federalist|lecture|letter|stave",
    "section": "section",
    "scene": "scene|scena|scaena|scoena",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split("|")}
_KIND = "|".join(sorted(_KIND_OF, key=len, reverse=True))
_CONTAINING = {"volume", "part", "book", "act"}
_FRONT_WORD = (
    "preface|introduction|introductory|prologue|prelude|foreword|forethought|epilogue|afterword"
    "|afterthought|conclusion|finale|appendix|glossary|induction"
)

_UNITS = (
    *("one first primus prima", "two second secundus secunda", "three third tertius tertia"),
    *("four fourth quartus quarta", "five fifth quintus quinta", "six sixth sextus sexta"),
    *("seven seventh septimus septima", "eight eighth octavus octava", "nine ninth", "ten tenth"),
    *("eleven eleventh", "twelve twelfth", "thirteen thirteenth", "fourteen fourteenth"),
    *("fifteen fifteenth", "sixteen sixteenth", "seventeen seventeenth", "eighteen eighteenth"),
    *("nineteen nineteenth",),
)
_WORDS = {word: number for number, words in enumerate(_UNITS, 1) for word in words.split()}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "twentieth": 20, "thirtieth": 30}
_WORD = "|".join(sorted([*_WORDS, *_TENS], key=len, reverse=True))
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_NUMBER = rf"(?:[ivxlc]{{1,8}}|[0-9]{{1,3}}|(?:{_WORD})(?:[- ](?:{_WORD}))?)\b"

_LABEL = re.compile(
    rf"(?:the\s+)?(?:(?P<kind>{_KIND})(?:\b[.,]?\s+|(?-i:(?=[IVXLC]{{2}})))"
    rf"(?:the\s+|no\.\s+)?(?P<number>{_NUMBER})|(?P<ordinal>{_WORD})\s+(?P<what>{_KIND})\b)",
    re.IGNORECASE,
)
_NEXT_LABEL = re.compile(rf"\n\s*(?:{_KIND})\s+{_NUMBER}", re.IGNORECASE)
_AFTER_LABEL = re.compile(r"\s*(?:[.:;,)\]—–-]|\Z)|\s+[\"'“‘(\[}_*]*[A-Z]")
_NUMERAL = re.compile(rf"([IVXLC]{{1,8}}|[0-9]{{1,3}})(?:[.)]|\Z)|((?i:{_NUMBER}))\Z")
_FRONT = re.compile(
    rf"(?:(?:the|author's|translator's|editor's) )?(?:{_FRONT_WORD})\b"
    r"(?:[.:]?\Z| (?:to|by|of|[ivx]+)\b.{0,60}\Z)",
    re.IGNORECASE,
)
_LIST = re.compile(r"(?:table of |general )?contents\b|(?:list of )?illustrations\b", re.IGNORECASE)
_NO_TITLE = re.compile(r"(?:the end|finis|end of|by|curtain|copyright|printed|footnotes?|note)\b")
_SMALL_WORDS = re.compile(r"\([^)]*\)|\b(?:a|an|and|as|at|by|de|for|in|is|of|on|or|the|to|with)\b")
_CAPITALS = re.compile(r"[A-Z][A-Z'’]*[A-Z]")

# A short paragraph that begins as a heading does.
_LINES = r"[^\n]{0,160}+(?:\n[^\S\n]*+\S[^\n]{0,160}+){0,4}"
_BLANK = r"[^\S\n]*+(?:\n[^\S\n]*+\n|\n?\Z)"
_OPENING = "|".join(
    word.capitalize() for word in f"{_KIND}|{_FRONT_WORD}|{_WORD}|table of|list of".split("|")
)
# The space before a paragraph is taken whatever follows it, so that it is searched once.
_BLOCK = re.compile(
    rf"\n[^\S\n]*+\n\s*+(?:([\[_*]*+(?:[A-Z]['’]?[A-Z]|[A-Z] +[A-Z]|\}}"
    rf"|(?:The\s+)?(?:{_OPENING})(?![^\W_])|(?:Contents|Illustrations)\b|\w{{6,10}}['’]s\s[PI]"
    rf"|(?:[IVXLC]|[0-9]{{1,3}})(?:[.)]|(?=[_*\]]*+[^\S\n]*+(?:\n|\Z)))){_LINES})(?={_BLANK}))?"
)
_SUBTITLE = re.compile(rf"[^\S\n]*+\n\s*+([^\s}}]{_LINES})(?={_BLANK})")
_SEPARATOR = re.compile(r"[\s.:;,)\]}_*—–-]*")
_PADDING = "\n" * 4  # so that a heading at the start stands after blank lines, too
_EMPHASIS = re.compile(r"[_*]+|\[[0-9]+\]?")  # and numbers of footnotes
_LONGEST = 100  # longer lines that are not set apart are paragraphs
_MARKS = "[]}_*=# \t\n"


def plain(words: str) -> str:
    """Return `words` on one line, without marks around them or a full stop after them."""
    words = " ".join(_EMPHASIS.sub("", words).split()).strip("}=# ")
    if "[" not in words[1:]:
        words = words.strip("[] ")
    return words.rstrip(".,:;-–— ")


def number_of(words: str) -> int:
    """Return what a numeral or a word such as `XIV`, `14` or `fourteenth` says, 0 if nothing."""
    words = words.lower()
    if words.isdecimal():
        return int(words)
    if set(words) <= set(_ROMAN):
        values = [_ROMAN[letter] for letter in words]
        smaller = zip(values, [*values[1:], 0], strict=True)
        return sum(-value if value < following else value for value, following in smaller)
    return sum(_TENS.get(word) or _WORDS.get(word, 0) for word in re.split("[- ]", words))


def is_capitals(words: str) -> bool:
    """Return whether `words` are a title in capitals; small words and brackets don't count."""
    bare = _SMALL_WORDS.sub("", words)
    return bool(_CAPITALS.search(bare)) and bare == bare.upper()


def _is_title_case(words: str) -> bool:
    long_words = [word for word in re.findall(r"[^\W\d_]+", words) if len(word) > 4]
    return words[:1].isupper() and all(word[0].isupper() for word in long_words)


def _labelled(text: str, start: int, end: int, gap: int) -> list[Line]:
    """Return the headings that a label begins: none, one, or two where a scene follows its act."""
    found = _LABEL.match(text, start, end)
    if not found or not text[start].isupper() or not _AFTER_LABEL.match(text, found.end(), end):
        return []
    kind = _KIND_OF[(found["kind"] or found["what"]).lower()]
    number = number_of(found["number"] or found["ordinal"])
    rest = _SEPARATOR.match(text, found.end(), end)
    after = rest.end() if rest else found.end()
    inner = _labelled(text, after, end, gap) if kind in _CONTAINING else []
    if not inner and _NEXT_LABEL.search(text, found.end(), end):
        return []  # a list of several
    own_end = after if inner else end
    title = plain(text[start:own_end])
    if "\n" in text[found.end() : after] and not inner and after < end:
        title = ". ".join(filter(None, (plain(found[0]), plain(text[after:end]))))
    return [Line(kind, number, title, start, own_end, gap, is_bare=after == end), *inner]


def read(text: str, start: int, end: int, gap: int = 3) -> list[Line]:
    """Return the headings that a short paragraph is, which are one at most but for labels."""
    title = plain(text[start:end])

    def line(kind: str, number: int = 0, *, is_bare: bool = False) -> list[Line]:
        return [Line(kind, number, title, start, end, gap, is_bare)]

    if text[start] == "}":
        return line("poem")
    first = end - len(text[start:end].lstrip(_MARKS))
    if labelled := _labelled(text, first, end, gap):
        labelled[0] = replace(labelled[0], start=start)
        return labelled if gap > 2 or len(title) <= _LONGEST else []
    if _LIST.match(title):
        return line("list")
    if _FRONT.match(title):
        return line("front") if gap > 2 or title.isupper() else []
    if numeral := _NUMERAL.match(title):
        rest = title[numeral.end() :].strip()
        is_set_apart = gap > 2 and len(rest) <= _LONGEST
        if not rest or is_capitals(rest) or (is_set_apart and rest[0].isupper()):
            return line("numeral", number_of(numeral[1] or numeral[2]), is_bare=not rest)
        return []
    if is_capitals(title) and text[end - 1] not in "!,;" and not _NO_TITLE.match(title.lower()):
        return line("title")
    return []


def join(label: Line, title: Line) -> Line:
    """Return a label and the title after it as one line."""
    both = f"{label.title}. {title.title}"
    return replace(label, title=both, end=title.end, is_bare=False)


def _with_subtitle(line: Line, text: str) -> Line:
    """Return a line and, where it has no words of its own, the title on the lines after it."""
    if not line.is_bare or line.kind in {"act", "scene"}:
        return line
    found = _SUBTITLE.match(text, line.end)
    if not found or _labelled(text, *found.span(1), gap=0):
        return line
    title = plain(found[1])
    if _NUMERAL.match(title) or _FRONT.match(title) or found[1].startswith(('"', "“")):
        return line
    if not is_capitals(title) and (len(title) > _LONGEST or not _is_title_case(title)):
        return line
    return join(line, Line("title", 0, title, found.start(1), found.end(1)))


def find(text: str) -> Iterator[Line]:
    """Yield the lines of `text` that may be headings, in order; their titles are of any length."""
    padded = f"{_PADDING}{text}"
    done = len(_PADDING)
    for block in _BLOCK.finditer(padded):
        start, end = block.span(1)
        if start < done:
            continue  # no heading, or the title of the one before
        end = start + len(block[1].rstrip())
        gap = padded.count("\n", block.start(), start)
        for line in read(padded, start, end, gap):
            whole = _with_subtitle(line, padded)
            done = whole.end
            offset = len(_PADDING)
            yield replace(whole, start=whole.start - offset, end=whole.end - offset)
