"""What a forked child does anew."""

import os
import weakref
from collections.abc import Callable


def in_forked_child(method: Callable[[], None]) -> None:
    """Call an object's method in each child that is forked, as long as the object is there."""
    kept = weakref.WeakMethod(method)

    def call() -> None:
        if found := kept():
            found()

    os.register_at_fork(after_in_child=call)
