"""How the memory that building may use is shared out.

The main process has tantivy's buffer and adds passages to it; each other process has a segment.
What a segment holds grows with its books' different words. Where its share is used up, the segment
is finished and another is begun.
"""

import os
from dataclasses import dataclass

# Below this many bytes a process would take longer to start than it saves.
_WORTH_A_PROCESS = 3_000_000
# Measured: a process that has loaded what it needs, and what it needs besides the segment.
_BASE = 80_000_000
# Measured: what tantivy takes at most, when it writes what it holds.
_HEAPS = 2
# What a process is worth its start with.
_OF_A_PROCESS = 130_000_000
# Larger books are indexed one after the other.
_LARGE_SHARE = 48
_SMALLEST_SEGMENT = 30_000_000
_SMALLEST_BOOK = 72_000_000
_MIN_HEAP = 15_000_000  # tantivy takes no less


@dataclass(frozen=True, slots=True)
class BuildMemory:
    """The bytes that building may use in all processes together."""

    bytes: int

    @property
    def heap(self) -> int:
        """What tantivy may hold before it writes."""
        return max(_MIN_HEAP, self.bytes // 8)

    @property
    def round(self) -> int:
        """How many bytes of books are indexed between one publishing and the next."""
        return self.bytes // 6

    @property
    def large(self) -> int:
        """The size from which a book is indexed in the main process, alone."""
        return self.bytes // _LARGE_SHARE

    @property
    def book(self) -> int:
        """How many bytes of memory a book may take while it is indexed, alone."""
        return max(_SMALLEST_BOOK, self._room)

    def process_count(self, size: int) -> int:
        """Return how many processes are worth their start for books of `size` bytes in all."""
        room = self._room // _OF_A_PROCESS
        return max(1, min(os.cpu_count() or 1, size // _WORTH_A_PROCESS, room))

    @property
    def _room(self) -> int:
        """What is left for segments besides the main process."""
        return self.bytes - _HEAPS * self.heap - _BASE

    def segment(self, processes: int) -> int:
        """Return what the segment of each of so many processes may take."""
        share = self._room // processes - (_BASE if processes > 1 else 0)
        return max(share, _SMALLEST_SEGMENT)
