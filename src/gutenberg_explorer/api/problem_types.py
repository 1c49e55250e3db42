"""What goes wrong, as the `type` of a problem document: RFC 9457's key for programs.

A type is the address of its own description, in `/docs`. It stays when the words around it change,
so that a client can have words of its own, as the page has in each language
(`frontend/src/i18n/texts/problems.ts`). What a status says well enough has no type of its own.
"""

from enum import StrEnum
from typing import Self


class ProblemType(StrEnum):
    """A kind of problem, with the `status` that it comes with and what it means."""

    status: int
    meaning: str

    def __new__(cls, name: str, status: int, meaning: str) -> Self:
        """Make a member, which is the address that its name stands at."""
        uri = f"/docs#{name}" if status else name
        member = str.__new__(cls, uri)
        member._value_ = uri
        member.status = status
        member.meaning = meaning
        return member

    @property
    def anchor(self) -> str:
        """Return the part of the address that follows the page's."""
        return self.partition("#")[2]

    BLANK = "about:blank", 0, "What the status says, and no more."
    INVALID_REQUEST = (
        "invalid-request",
        400,
        "A parameter is missing, is of another form, or lies outside of its limits.",
    )
    EMPTY_QUERY = "empty-query", 400, "There is nothing to search for."
    QUERY_TOO_LONG = "query-too-long", 400, "The query has too many characters."
    CONTROL_CHARACTERS = "control-characters", 400, "The query holds control characters."
    NO_LETTER_OR_DIGIT = "no-letter-or-digit", 400, "The query holds no letter and no digit."
    NO_SUCH_BOOK = "no-such-book", 404, "The library holds no book of this id."
    NO_SUCH_TRACE = "no-such-trace", 404, "The trace store has no span of this trace."
    TRACE_STORE_OFF = (
        "trace-store-off",
        404,
        "This server keeps no traces; they go to the OpenTelemetry endpoint that is configured.",
    )
    TRACE_STORE_BUSY = (
        "trace-store-busy",
        503,
        "The trace store is locked or out of reach; searches go on.",
    )


KNOWN = tuple(kind for kind in ProblemType if kind is not ProblemType.BLANK)
"""The types that have a description."""
