"""What a search may cost: the postings that it reads, and the time that it takes."""

import time
from collections.abc import Callable
from typing import Final

from gutenberg_explorer.search.results import Notice

MAX_POSTINGS: Final = 150_000_000
"""How many postings one search may read. Engines count other work in postings as well.

Reading so many takes about 0.4 s of computing. No query as people type them comes near.
"""


class AbandonedSearch(Exception):
    """Nobody waits for the answer any more."""


def _always() -> bool:
    return True


class Budget:
    """What one search may still cost. An engine asks it before each step, by `take`.

    The time is `seconds` from now on. `is_wanted` says whether anyone still waits for the answer;
    it is asked in the thread that searches.
    """

    def __init__(
        self,
        seconds: float = float("inf"),
        *,
        postings: int = MAX_POSTINGS,
        clock: Callable[[], float] = time.monotonic,
        is_wanted: Callable[[], bool] = _always,
    ) -> None:
        self.left = postings
        """How many postings may still be read."""
        self.is_cut = False
        """Whether something had to be left out, so that the answer is not the whole one."""
        self._clock = clock
        self._end = clock() + seconds
        self._is_wanted = is_wanted

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What an answer has to say of it."""
        return ("partial",) if self.is_cut else ()

    def allows(self, postings: int) -> bool:
        """Return whether a step may begin that reads at most so many postings.

        Raises AbandonedSearch when nobody waits for the answer.
        """
        if not self._is_wanted():
            raise AbandonedSearch
        return postings <= self.left and self._clock() < self._end

    def take(self, postings: int) -> bool:
        """Return the same, and count the postings as read; where it may not begin, note the cut."""
        if not self.allows(postings):
            self.is_cut = True
            return False
        self.left -= postings
        return True
