"""Exceptions as log records have them: with their stack, and without what was searched for."""

import re
from contextvars import ContextVar
from logging import LogRecord
from traceback import TracebackException
from urllib.parse import parse_qsl

# The query string of the request that is being answered.
query_string: ContextVar[bytes] = ContextVar("query_string", default=b"")


def _without_query(text: str) -> str:
    """Return `text` with each word of the request's query as `[…]`."""
    sent = parse_qsl(query_string.get().decode("latin-1"))
    words = {word for _, value in sent for word in re.findall(r"\w+", value)}
    if not words:
        return text
    pattern = r"\b(" + "|".join(map(re.escape, words)) + r")\b"
    return re.sub(pattern, "[…]", text, flags=re.IGNORECASE)


def _frames(error: TracebackException | None) -> set[str]:
    """Return the lines that are of our own code, not of any exception's message."""
    if error is None:
        return set()
    ours = set("".join(error.stack.format()).splitlines())
    return ours | _frames(error.__cause__) | _frames(error.__context__)


def _stacktrace(error: BaseException) -> str:
    """Return an exception with its stack and its causes, without words of the query."""
    whole = TracebackException.from_exception(error)
    frames = _frames(whole)
    lines = "".join(whole.format()).splitlines()
    return "\n".join(line if line in frames else _without_query(line) for line in lines)


def exception_fields(record: LogRecord) -> dict[str, str]:
    """Return the `exception.…` fields of a record, none where it has no exception."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return {}
    return {
        "exception.type": type(error).__name__,
        "exception.message": _without_query(str(error)),
        "exception.stacktrace": _stacktrace(error),
    }
