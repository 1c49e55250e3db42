"""The memory of a process and of all that it starts."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_INTERVAL = 0.2


def _anonymous(pid: int) -> int:
    """Return the bytes of a process's memory that no file holds; what is shared counts in parts."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")) * 1024


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


class Peak:
    """Looks five times a second, for the length of a `with` block, and keeps the most.

    What is counted is anonymous memory: pages of mapped files go when others need the room.
    """

    def __init__(self, pid: int) -> None:
        self.bytes = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(_INTERVAL):
            try:
                self.bytes = max(self.bytes, sum(map(_anonymous, _family(self._pid))))
            except (OSError, ProcessLookupError):
                continue  # one of them has ended meanwhile
