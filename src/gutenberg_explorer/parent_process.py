"""The process that started this one by `multiprocessing`, and what happens when it is gone."""

import multiprocessing
import threading
from collections.abc import Callable


def when_parent_ends(then: Callable[[], object]) -> None:
    """Call `then` in a thread once the parent has ended, however it did; at once if it has.

    Nothing happens in a process that `multiprocessing` has not started.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()  # it waits for the end of a pipe that the parent holds, which no kill leaves
        then()

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
