"""Searches as a browser would send them: each the child of a span that the caller has made."""

import http.client
import itertools
import json
import random
import threading
import time
import urllib.parse
from dataclasses import dataclass, field

QUERIES = (
    "love", "death", "time", "hope", "white whale", "the sea", "king", "conscience", "garden",
    "call me ishmael", "ghost", "lord", "marriage", "daughter", "captain", "holy", "war", "music",
)  # fmt: skip
_TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class Search:
    """A search that was sent: its ids, and what came back.

    `status` is None when no whole answer came. `seconds` is from the first byte to the last.
    """

    trace_id: bytes
    parent_id: bytes
    method: str
    status: int | None
    results: int
    seconds: float


@dataclass
class Load:
    """Sends searches from some threads; `rate` is how many a second, None: as fast as can be."""

    port: int
    searches: int
    rate: float | None = None
    methods: tuple[str, ...] = ("tfidf", "bm25")
    threads: int = 8
    done: list[Search] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = itertools.count()
        self._stopped = threading.Event()
        self._running = [threading.Thread(target=self._run) for _ in range(self.threads)]

    def start(self) -> None:
        """Start to send."""
        self._began = time.monotonic()
        for thread in self._running:
            thread.start()

    def stop(self) -> None:
        """Send nothing more."""
        self._stopped.set()

    def join(self) -> list[Search]:
        """Return all searches once they are answered."""
        for thread in self._running:
            thread.join()
        return self.done

    def _run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        while not self._stopped.is_set() and (number := next(self._numbers)) < self.searches:
            if self.rate:
                wait = self._began + number / self.rate - time.monotonic()
                if wait > 0 and self._stopped.wait(wait):
                    break
            self.done.append(_search(connection, number, self.methods[number % len(self.methods)]))
        connection.close()


def _search(connection: http.client.HTTPConnection, number: int, method: str) -> Search:
    trace_id, parent_id = random.randbytes(16), random.randbytes(8)
    query = urllib.parse.urlencode({"q": QUERIES[number % len(QUERIES)], "method": method})
    headers = {"traceparent": f"00-{trace_id.hex()}-{parent_id.hex()}-01"}
    began = time.perf_counter()
    try:
        connection.request("GET", f"/search?{query}", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return Search(trace_id, parent_id, method, None, 0, time.perf_counter() - began)
    seconds = time.perf_counter() - began
    results = len(json.loads(body)["results"]) if answer.status == 200 else 0
    return Search(trace_id, parent_id, method, answer.status, results, seconds)
