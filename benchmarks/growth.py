"""What a library costs as it grows: building, opening and searching it, at some sizes.

The queries are of `queries.txt`, as people type them. Server time is the length of the SERVER span.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import shelves
from benchmarks.memory import Peak
from benchmarks.server import COMMAND, Server, environment, serving
from gutenberg_explorer.index import IndexStore
from gutenberg_explorer.search import METHODS

QUERIES = Path(__file__).with_name("queries.txt").read_text("utf-8").splitlines()
SHELF_VARIABLE = "GUTENBERG_EXPLORER_TEST_SHELF"
SIZES = (18, *shelves.REAL)
PASSES = 3
OPENINGS = 7
SLOWEST = 15

HEADER = [
    "| books | text | build | of it CPU | memory | index | open | server's memory, its own "
    "| `bm25` median, p99 | `tfidf` median, p99 | date |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
]
OPEN = """
import sys, time
from pathlib import Path
from gutenberg_explorer.index import IndexStore
from gutenberg_explorer.search import METHODS
began = time.perf_counter()
IndexStore(Path(sys.argv[1])).open()
print(time.perf_counter() - began)
"""


@dataclass(frozen=True)
class Build:
    """What a build took: seconds, seconds of computing, and bytes of memory at most."""

    seconds: float
    cpu: float
    memory: int


def _build(env: dict[str, str]) -> Build:
    began = time.perf_counter()
    process = subprocess.Popen([*COMMAND, "index", "build"], env=env, stdout=subprocess.DEVNULL)
    with Peak(process.pid) as peak:
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return Build(time.perf_counter() - began, used.ru_utime + used.ru_stime, peak.bytes)


def _open(data_dir: Path) -> float:
    """Return the median of the seconds that a process of its own takes to open the index."""
    command = [sys.executable, "-c", OPEN, str(data_dir)]
    return statistics.median(float(subprocess.check_output(command)) for _ in range(OPENINGS))


def _times(server: Server, method: str) -> dict[str, list[float]]:
    """Return the server times of each query in milliseconds, after one that does not count."""
    for query in QUERIES:
        server.get("/search", q=query, method=method)
    times: dict[str, list[float]] = {query: [] for query in QUERIES}
    for _ in range(PASSES):
        for query in QUERIES:
            times[query].append(server.time_of_search(q=query, method=method))
    return times


def _median_and_p99(times: dict[str, list[float]]) -> str:
    each = sorted(time for of_query in times.values() for time in of_query)
    return f"{statistics.median(each):.1f} ms, {each[int(len(each) * 0.99)]:.0f} ms"


def _slowest(times: dict[str, list[float]]) -> Iterator[str]:
    by_query = {query: statistics.median(of_query) for query, of_query in times.items()}
    for query in sorted(by_query, key=lambda query: -by_query[query])[:SLOWEST]:
        yield f"{by_query[query]:8.1f} ms  {query}"


def measure(books: int, shelf: str | None) -> str:
    """Build, open and search a library; return its row, and print its slowest queries."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        env = environment(data_dir, **({"GUTENBERG_EXPLORER_SHELF": shelf} if shelf else {}))
        if not shelf:  # it may have to be downloaded first
            subprocess.run([*COMMAND, "index", "build"], env=env, check=True, capture_output=True)
        built = _build(env)
        index = IndexStore(data_dir).open()
        if len(index.books) != books:
            raise ValueError(f"the shelf has {len(index.books)} books rather than {books}")
        text = sum(entry.files["text.utf8"].bytes for entry in index.manifest.segments)
        segments = len(index.segments)
        opened = _open(data_dir)
        by_method = {}
        with serving(env) as server:
            for method in METHODS:
                by_method[method] = _times(server, method)
            resident, own = server.resident_bytes(), server.resident_bytes("RssAnon")
    for method, times in by_method.items():
        print(f"The slowest of `{method}` in {books} books ({segments} segments):")
        print("\n".join(_slowest(times)))
    cells = [
        f"{books:,}",
        f"{text / 1e6:,.0f} MB",
        f"{built.seconds:.1f} s, {text / 1e6 / built.seconds:.1f} MB/s",
        f"{built.cpu:.1f} s",
        f"{built.memory / 1e6:,.0f} MB",
        f"{index.size / 1e6:,.0f} MB",
        f"{opened * 1000:.0f} ms",
        f"{resident / 1e6:,.0f} MB, {own / 1e6:,.0f} MB",
        _median_and_p99(by_method["bm25"]),
        _median_and_p99(by_method["tfidf"]),
        f"{datetime.now(UTC):%Y-%m-%d}",
    ]
    return f"| {' | '.join(cells)} |"


@contextmanager
def _shelf(books: int, real: Path | None) -> Iterator[str | None]:
    """Give the setting that means a shelf of as many books; None means the usual one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if books == 18:
            yield None
        elif real and books in shelves.REAL:
            yield f"directory:{shelves.first(real, books, folder / 'books')}"
        elif real:
            yield f"directory:{shelves.synthetic(real, books, folder / 'books')}"


def run(sizes: Sequence[int], table: Sequence[str]) -> list[str]:
    """Return the lines of `table` with those of these sizes measured anew.

    All but 18 books are made of the shelf that GUTENBERG_EXPLORER_TEST_SHELF names.
    """
    rows = {int(line.split("|")[1].replace(",", "")): line for line in table if "MB" in line}
    archive = os.environ.get(SHELF_VARIABLE)
    if not archive and set(sizes) - {18}:
        print(f"Only 18 books are measured: {SHELF_VARIABLE} names no shelf of 240.")
        sizes = [size for size in sizes if size == 18]
    with tempfile.TemporaryDirectory() as folder:
        real = shelves.unpack(Path(archive), Path(folder)) if archive else None
        for size in sizes:
            with _shelf(size, real) as shelf:
                rows[size] = measure(size, shelf)
            print(rows[size], flush=True)
    return [*HEADER, *(rows[size] for size in sorted(rows))]
