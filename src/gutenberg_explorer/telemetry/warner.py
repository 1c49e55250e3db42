"""Warnings that may come often, said once a minute."""

import logging
import time

logger = logging.getLogger(__name__)

_EVERY = 60.0


class Warner:
    """Says the same kind of thing at most once a minute, and how often it came meanwhile."""

    def __init__(self, message: str) -> None:
        self._message = message
        self._said_at = float("-inf")
        self._unsaid = 0

    def warn(self, what: object) -> None:
        """Say `what` now, or count it."""
        if time.monotonic() - self._said_at < _EVERY:
            self._unsaid += 1
            return
        more = f" ({self._unsaid} times more since the last warning)" if self._unsaid else ""
        logger.warning("%s: %s%s", self._message, what, more)
        self._said_at, self._unsaid = time.monotonic(), 0
