"""A running backend takes up each index that is published, without a pause."""

import logging
from collections.abc import Callable

from gutenberg_explorer.index import Library, UnusableIndex
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.runtime.every_second import EverySecond
from gutenberg_explorer.telemetry import span

logger = logging.getLogger(__name__)

# After an index that could not be opened; perhaps the disk, or another update, mends it.
_CHECKS_LEFT_OUT = 30


class IndexWatcher(EverySecond):
    """Looks for a newer index than `current()` every second, in a thread of its own once started.

    It looks at the library of that index only, whatever other libraries are built or served.
    What it finds it opens and hands to `use`. Requests that are being answered keep the index that
    they began with; it is closed when the last of them lets it go.
    """

    def __init__(
        self,
        library: Library,
        current: Callable[[], Index],
        use: Callable[[Index], None],
    ) -> None:
        super().__init__("index-watcher")
        self._library = library
        self._current = current
        self._use = use
        self._refused: str | None = None
        self._pause = 0

    def check(self) -> None:
        """Look once, and take up what is newer; one that can't be opened is tried again later."""
        generation = self._library.newer_than(self._current())
        if generation is None:
            return
        if generation == self._refused and self._pause:
            self._pause -= 1
            return
        try:
            with span("reload_index"):
                index = self._library.open_newer(self._current())
        except (UnusableIndex, OSError) as error:
            if generation != self._refused:
                logger.warning("Index %s can't be used yet: %s.", generation, error)
            self._refused, self._pause = generation, _CHECKS_LEFT_OUT
            return
        self._use(index)
        logger.info("%d books: index %s is in use.", len(index.books), index.manifest.generation)
