"""A running backend reads what opening a large index has left unread, and replaces a damaged one.

What is compared on opening, and why not all of it, is said in `index.verification`.
"""

import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace

from gutenberg_explorer.corpus import CorpusError
from gutenberg_explorer.index import IndexDamaged, Library, UnusableIndex
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.runtime.every_second import EverySecond

logger = logging.getLogger(__name__)

# Bytes a second, so that the disk has time for searches.
_RATE = 100_000_000
_LEAST_PRIORITY = 19


class _Stopped(Exception):
    """The backend ends before all has been read."""


class IndexCheck(EverySecond):
    """Checks the rest of each index that is `current()`, in a thread of its own once started.

    In place of a damaged one a sound one is published, which the IndexWatcher takes up. Until then
    the damaged one answers.
    """

    def __init__(self, library: Library, current: Callable[[], Index]) -> None:
        super().__init__("index-check")
        self._library = replace(library, progress=self._go_on)
        self._current = current
        self._checked: str | None = None

    def _watch(self) -> None:
        if sys.platform == "linux":  # elsewhere a thread has no priority of its own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LEAST_PRIORITY)
        self.check()
        super()._watch()

    def check(self) -> None:
        """Check the rest of the index, unless that was done, and replace it if it is damaged."""
        index = self._current()
        generation = index.manifest.generation
        if generation == self._checked:
            return
        self._checked = generation
        try:
            index.check_rest(self._pause)
        except _Stopped:
            return
        except IndexDamaged as error:
            logger.warning("Index %s is damaged: %s. It is replaced.", generation, error)
            self._replace(index)

    def _replace(self, index: Index) -> None:
        try:
            self._library.replace_damaged(index)
        except _Stopped:
            return
        except (CorpusError, UnusableIndex, OSError) as error:
            logger.warning(
                "The damaged index stays in use, because no other can be built: %s", error
            )

    def _pause(self, size: int) -> None:
        if self._stopping.wait(size / _RATE):
            raise _Stopped

    def _go_on(self, task: str, done: int, total: int | None, unit: str) -> None:
        if self._stopping.is_set():
            raise _Stopped
