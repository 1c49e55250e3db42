"""The `type` of a problem document, which programs use to recognise an error (RFC 9457).

A type is the URL of its description in `/docs`. It does not change when the wording changes, so a
client can have its own texts, as the page has in each language
(`frontend/src/i18n/texts/problems.ts`). An error whose status says enough has no type of its own.
"""

from enum import StrEnum
from typing import Self


class ProblemType(StrEnum):
    """A type of problem, with its HTTP `status` and its `meaning`."""

    status: int
    meaning: str

    def __new__(cls, name: str, status: int, meaning: str) -> Self:
        """Create a member; its value is the URL of its description."""
        uri = f"/docs#{name}" if status else name
        member = str.__new__(cls, uri)
        member._value_ = uri
        member.status = status
        member.meaning = meaning
        return member

    @property
    def anchor(self) -> str:
        """Return the fragment of the URL."""
        return self.partition("#")[2]

    BLANK = "about:blank", 0, "No more than the status says."
    INVALID_REQUEST = (
        "invalid-request",
        400,
        "A parameter is missing, malformed or out of range.",
    )
    EMPTY_QUERY = "empty-query", 400, "The query contains nothing to search for."
    QUERY_TOO_LONG = "query-too-long", 400, "The query has too many characters."
    CONTROL_CHARACTERS = "control-characters", 400, "The query contains control characters."
    NO_LETTER_OR_DIGIT = (
        "no-letter-or-digit",
        400,
        "The query contains neither a letter nor a digit.",
    )
    NO_SUCH_BOOK = "no-such-book", 404, "The library has no book with this id."
    NO_SUCH_TRACE = "no-such-trace", 404, "The trace store has no span of this trace."
    TRACE_STORE_OFF = (
        "trace-store-off",
        404,
        "This server stores no traces. It sends them to the configured OpenTelemetry endpoint.",
    )
    SEARCH_BUSY = (
        "search-busy",
        503,
        "Too many searches are waiting. `Retry-After` says when to try again.",
    )
    TRACE_STORE_BUSY = (
        "trace-store-busy",
        503,
        "The trace store is locked or unavailable. Searches still work.",
    )


KNOWN = tuple(kind for kind in ProblemType if kind is not ProblemType.BLANK)
"""The types that have a description."""
