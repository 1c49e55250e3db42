"""How much of a body is in memory as messages at a time."""

from dataclasses import dataclass
from typing import Final

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """How large a body may be, and in what pieces it is decoded."""

    max_bytes: int = 20 * MIB
    """Of the body, also once decompressed. The default is the OTLP specification's."""

    max_spans: int = 100_000
    """Later spans of a request are left out."""

    part_bytes: int = MIB
    """Spans are parsed until they take so many bytes, and handed on before the next are."""

    max_pieces: int = 200_000
    """A span, a resource or a scope that is larger than a part is left out if it has more: nested
    fields in protobuf, or elements and members in JSON."""

    @property
    def max_items(self) -> int:
        """How many resources, scopes and spans a body may have, even if they are left out."""
        return 3 * self.max_spans
