"""Starting the processes that tests send signals to."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Give each process that is started in the `with` block the default handling of SIGINT.

    A shell starts a background job with SIGINT ignored, and so would be what the tests start then.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
