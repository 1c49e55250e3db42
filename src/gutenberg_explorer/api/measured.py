"""The metrics of a search: how long it took, how it ended and how much it found."""

import time
from types import TracebackType
from typing import Self

from fastapi.exceptions import RequestValidationError

from gutenberg_explorer.api.problems import Problem
from gutenberg_explorer.search import Method
from gutenberg_explorer.telemetry import AttributeName, AttributeValue, record


class measured_search:  # noqa: N801 - reads as the statement that it is
    """Measure a search for the length of a `with` block, which says what is asked and found."""

    def __init__(self) -> None:
        self.method: Method | None = None
        self.results = 0

    def __enter__(self) -> Self:
        self._started = time.perf_counter()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        took = time.perf_counter() - self._started
        attributes: dict[AttributeName, AttributeValue] = {}
        if self.method:
            attributes["search.method"] = self.method
        if error is None:
            record("search.results", self.results, attributes)
        record("search.duration", took, {**attributes, "search.outcome": self._outcome(error)})

    def _outcome(self, error: BaseException | None) -> str:
        if error is None:
            return "ok" if self.results else "no_results"
        return "invalid" if isinstance(error, Problem | RequestValidationError) else "error"
