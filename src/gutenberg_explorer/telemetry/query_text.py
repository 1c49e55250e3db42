"""What spans keep of the text of a query: all of it, a hash, or nothing."""

import hashlib
from collections.abc import Callable
from typing import Literal

from gutenberg_explorer.telemetry.recording.recorder import AttributeValue

QueryText = Literal["plain", "hashed", "omitted"]

Redact = Callable[[str], str | None]
"""Returns what stands for a query's text; None: nothing does."""

_HASH_DIGITS = 16


def hash_of(text: str) -> str:
    """Return 16 hexadecimal digits of the SHA-256 of `text`, its case and white space folded."""
    folded = " ".join(text.casefold().split())
    return hashlib.sha256(folded.encode("utf-8", "replace")).hexdigest()[:_HASH_DIGITS]


def _nothing(_: str) -> None:
    return None


def redaction(kept: QueryText) -> Redact | None:
    """Return what is done to the text of a query, or None where it stays as it is."""
    rules: dict[QueryText, Redact | None] = {"plain": None, "hashed": hash_of, "omitted": _nothing}
    return rules[kept]


def redact_attributes(attributes: dict[str, AttributeValue], redact: Redact) -> None:
    """Redact the text of a query among the attributes of one of our own spans."""
    text = attributes.pop("search.query", None)
    if text is not None and (kept := redact(str(text))) is not None:
        attributes["search.query"] = kept
