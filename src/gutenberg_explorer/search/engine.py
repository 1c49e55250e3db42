"""One entrance to all engines: what an engine is, and which there are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from gutenberg_explorer.search.budget import Budget
from gutenberg_explorer.search.request import BookSearchRequest, SearchRequest
from gutenberg_explorer.search.results import BookHits, SearchResult
from gutenberg_explorer.telemetry import span

if TYPE_CHECKING:
    from gutenberg_explorer.index.reader import Index


class SearchEngine(Protocol):
    """Finds the passages of one generation of the library.

    Each search keeps within its budget; an answer that had to be cut for it says so. Both methods
    raise AbandonedSearch when nobody waits for the answer any more.
    """

    def search(self, request: SearchRequest, budget: Budget) -> SearchResult:
        """Return the books that are found, the best first."""

    def search_in_book(self, request: BookSearchRequest, budget: Budget) -> BookHits:
        """Return passages of one book. Raises KeyError when there is no such book."""


@dataclass(frozen=True, slots=True)
class EngineKind:
    """An engine that `GUTENBERG_EXPLORER_ENGINE` can name.

    `meaning` is one sentence for the settings' documentation; `open` returns the engine that
    searches an index.
    """

    name: str
    meaning: str
    open: "Callable[[Index], SearchEngine]"


def _open_local(index: "Index") -> SearchEngine:
    # What only lists the engines need not load numpy and tantivy.
    from gutenberg_explorer.search.local.local_engine import LocalEngine  # noqa: PLC0415

    return LocalEngine(index)


LOCAL: Final = "local"

ENGINES: Final[dict[str, EngineKind]] = {
    LOCAL: EngineKind(LOCAL, "searches the index in the process that serves it", _open_local)
}
"""All engines by name."""


def perform_search(engine: SearchEngine, request: SearchRequest, budget: Budget) -> SearchResult:
    """Return what `engine` finds for `request` within `budget`, under a span of its own.

    Raises AbandonedSearch when nobody waits for it any more.
    """
    with span("perform_search", {"search.method": request.method}) as searching:
        result = engine.search(request, budget)
        searching.set("search.results_count", result.total)
        if result.partial:
            searching.set("search.partial", True)
        if result.hits:
            searching.set("search.top_score", result.hits[0].score)
    return result
