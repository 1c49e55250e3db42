"""What a search may cost: the postings that it reads, and the time that it takes."""

import time
from collections.abc import Callable
from typing import Final

from gutenberg_explorer.search.results import Notice

MAX_POSTINGS: Final = 150_000_000
"""How many postings one search may read. Engines count other work in postings as well.

Reading so many takes about 0.4 s of computing. No query as people type them comes near.
"""

_TELLING: Final = 10_000_000
"""After how many postings it is known how fast they are read."""

_DOUBT: Final = 2
"""How many times as long as expected a step may take."""


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
        self._taken = 0
        self._clock = clock
        self._begin = clock()
        self._end = self._begin + seconds
        self._is_wanted = is_wanted

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What an answer has to say of it."""
        return ("partial",) if self.is_cut else ()

    def allows(self, postings: int) -> bool:
        """Return whether a step may begin that reads at most so many postings.

        It may not when it would hardly end in time at the speed of the steps before. Raises
        AbandonedSearch when nobody waits for the answer.
        """
        if not self._is_wanted():
            raise AbandonedSearch
        now = self._clock()
        if self._taken >= _TELLING:
            now += _DOUBT * postings * (now - self._begin) / self._taken
        return postings <= self.left and now < self._end

    def take(self, postings: int) -> bool:
        """Return the same, and count the postings as read; where it may not begin, note the cut."""
        if not self.allows(postings):
            self.is_cut = True
            return False
        self.left -= postings
        self._taken += postings
        return True
