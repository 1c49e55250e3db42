"""What became of the spans of one request, for its response."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

FULL: Final = "the trace is full"
CONFLICT: Final = "the trace has another span with this id"


@dataclass(slots=True)
class Outcome:
    """Counts the spans of a request: the accepted, the rejected and the changed ones."""

    accepted: int = 0
    """How many spans are stored, or were before."""

    left_out: Counter[str] = field(default_factory=Counter)
    """How many spans were left out, by the reason."""

    changed: Counter[str] = field(default_factory=Counter)
    """How many of the stored spans differ from what was sent, by the difference."""

    @property
    def rejected(self) -> int:
        """How many spans were left out."""
        return self.left_out.total()

    @property
    def message(self) -> str:
        """What a developer has to know: every reason with its count; empty when all is stored."""
        parts = [f"{_spans(n)} rejected: {reason}" for reason, n in self.left_out.items()]
        parts += [f"{_spans(n)} accepted with a change: {what}" for what, n in self.changed.items()]
        return "; ".join(parts)

    def leave_out(self, reason: str, spans: int = 1) -> None:
        """Count spans that are not stored."""
        if spans:
            self.left_out[reason] += spans

    def accept(self, spans: int, *, dropped: int = 0, conflicting: int = 0) -> None:
        """Count spans that were handed on, and how many of them the store dropped."""
        self.leave_out(FULL, dropped)
        self.leave_out(CONFLICT, conflicting)
        self.accepted += spans - dropped - conflicting

    def change(self, differences: Iterable[str], spans: int = 1) -> None:
        """Count spans that are stored with these differences."""
        for difference in differences:
            self.changed[difference] += spans


def _spans(count: int) -> str:
    return "1 span" if count == 1 else f"{count} spans"
