"""Warnings that may come often, said once a minute."""

import logging
from time import monotonic

logger = logging.getLogger(__name__)

_MINUTE = 60.0  # seconds


class OnceAMinute:
    """Tells whether something may be said now, which is so once a minute."""

    def __init__(self) -> None:
        self._said_at = float("-inf")

    def is_due(self) -> bool:
        """Return whether a minute is over since this was last true."""
        now = monotonic()
        if now - self._said_at < _MINUTE:
            return False
        self._said_at = now
        return True


class Warner:
    """Says the same kind of thing at most once a minute, and how often it came meanwhile."""

    def __init__(self, message: str) -> None:
        self._message = message
        self._minute = OnceAMinute()
        self._unsaid = 0

    def warn(self, what: object) -> None:
        """Say `what` now, or count it."""
        if not self._minute.is_due():
            self._unsaid += 1
            return
        more = f" ({self._unsaid} more times since the last warning)" if self._unsaid else ""
        logger.warning("%s: %s%s", self._message, what, more)
        self._unsaid = 0
