"""What a running backend does again and again, in a thread of its own."""

import threading
from abc import ABC, abstractmethod

INTERVAL = 1.0


class EverySecond(ABC):
    """Calls `check` every second, in a thread of this name, once started."""

    def __init__(self, name: str) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=name, daemon=True)

    def start(self) -> None:
        """Begin to check."""
        self._thread.start()

    def stop(self) -> None:
        """Stop checking, and wait for the end of it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._stopping.wait(INTERVAL):
            self.check()

    @abstractmethod
    def check(self) -> None:
        """Check once."""
