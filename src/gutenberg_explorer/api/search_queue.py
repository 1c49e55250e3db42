"""Where searches wait for a thread: not too many of them, and none whose client has gone."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from starlette.responses import Response
from starlette.types import Scope

from gutenberg_explorer.api.problem_types import ProblemType
from gutenberg_explorer.api.problems import Problem
from gutenberg_explorer.search import AbandonedSearch
from gutenberg_explorer.telemetry import CLIENT_CLOSED_REQUEST, record

THREADS: Final = 2
"""Searches compute, so more threads than cores would only take turns, and keep the thread that
writes spans from getting its own."""

MAX_WAITING: Final = 64
"""How many searches may wait for a thread. Further ones are answered with 503."""

RETRY_AFTER: Final = 2
"""The seconds after which a client that was answered so may try again."""

HUNG_UP: Final = "gutenberg_explorer.hung_up"
"""Where in the ASGI scope a function stands that says whether the client has closed the connection.

It may be called in any thread. Where there is none, no client ever has.
"""

IsWanted = Callable[[], bool]


class SearchQueue:
    """Answers searches in threads of its own, in the order in which they come."""

    def __init__(self, threads: int = THREADS, max_waiting: int = MAX_WAITING) -> None:
        self._threads = ThreadPoolExecutor(threads, "search")
        self._max_waiting = max_waiting
        # Those that have not begun. Each is removed in the thread that begins it.
        self._waiting: set[_Waiting] = set()

    async def answer(self, scope: Scope, search: Callable[[IsWanted], Response]) -> Response:
        """Return what `search` returns, which runs in a thread.

        It is told how to ask whether the client still waits, and may raise AbandonedSearch. It is
        not begun when the client has gone by then. Raises Problem when too many searches wait.
        """
        waiting = _Waiting(scope)
        if len(self._waiting) >= self._max_waiting <= self.waiting:
            record("search.dropped", 1, {"search.drop.reason": "queue_full"})
            raise Problem(
                503,
                "The server is busy",
                f"Too many searches are waiting. Try again in {RETRY_AFTER} seconds.",
                {"Retry-After": str(RETRY_AFTER)},
                ProblemType.SEARCH_BUSY,
            )
        self._waiting.add(waiting)

        def begin() -> Response:
            self._waiting.discard(waiting)
            if not waiting.is_wanted():
                raise AbandonedSearch
            return search(waiting.is_wanted)

        in_context = contextvars.copy_context().run
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, in_context, begin
            )
        except AbandonedSearch:
            record("search.dropped", 1, {"search.drop.reason": "abandoned"})
            return Response(status_code=CLIENT_CLOSED_REQUEST)

    @property
    def waiting(self) -> int:
        """How many searches wait whose clients have not gone."""
        for waiting in list(self._waiting):
            if not waiting.is_wanted():
                self._waiting.discard(waiting)
        return len(self._waiting)

    def close(self) -> None:
        """End the threads, once all that waits has been answered."""
        self._threads.shutdown()


class _Waiting:
    def __init__(self, scope: Scope) -> None:
        self._has_hung_up: Callable[[], bool] | None = scope.get(HUNG_UP)

    def is_wanted(self) -> bool:
        return self._has_hung_up is None or not self._has_hung_up()
