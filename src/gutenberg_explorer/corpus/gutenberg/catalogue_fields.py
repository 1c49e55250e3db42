"""Project Gutenberg's forms of names and languages, and ours."""

import re
import unicodedata

_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")
_ROLE = re.compile(r"\s*\[[^\]]*\]\s*$")
_SUFFIX = re.compile(r"(?:Jr|Sr|I{1,3}|I?V)\.?")
# The searches above take long for texts that are no names.
_LONGEST = 1_000
_MOST_AUTHORS = 200
_CODE = re.compile(r"\b[a-z]{2,3}\b")


def person(heading: str) -> str | None:
    """Return `Jane Austen` for the catalogue's heading `Austen, Jane, 1775-1817`.

    Dates, titles (`graf`, `Sir`) and the long form of initials are left out.
    """
    plain = _ROLE.sub("", _IN_BRACKETS.sub("", heading[:_LONGEST]))
    parts = [part.strip() for part in plain.split(",")]
    family, *rest = [part for part in parts if part and not re.search(r"\d", part)] or [""]
    if not rest:
        return family or None
    given, *more = rest
    if given[0].islower():  # `Augustine, of Hippo, Saint`
        return f"{family} {given}"
    return ", ".join([f"{given} {family}", *(part for part in more if _SUFFIX.fullmatch(part))])


def authors(headings: list[str]) -> str | None:
    """Return the authors of these headings as one text; None where there are none.

    Translators and others, whose headings end in `[Translator]` and the like, count only when
    there is nobody else.
    """
    headings = [heading[:_LONGEST].strip() for heading in headings[:_MOST_AUTHORS]]
    own = [heading for heading in headings if not _ROLE.search(heading)] or headings[:1]
    named = [name for heading in own if (name := person(heading))]
    return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]])) or None


def title(text: str) -> str | None:
    """Return a title without its subtitle, which stands on lines of its own."""
    lines = text.strip().splitlines()
    return " ".join(lines[0].split()) if lines else None


def languages(text: str) -> list[str]:
    """Return the codes (ISO 639) in a text such as `en; fr`."""
    return _CODE.findall(text.lower())


def plain(text: str) -> str:
    """Return a text as it is compared: small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
