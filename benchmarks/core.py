"""Start, build, memory, and the time of a search with and without its spans."""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.server import COMMAND, Server, environment, serving

QUERIES = [
    "love", "death", "time", "hope", "fear", "joy", "peace", "king", "sea", "white whale",
    "god created heaven earth", "old man and his son", "captain ahab", "rabbit", "said",
    "spring morning garden", "queequeg", "sword of justice", "poor child", "devil",
]  # fmt: skip
ROUNDS = 20
STARTS = 7
BUILDS = 5

Row = tuple[str, str]


def _milliseconds(values: list[float]) -> str:
    ordered = sorted(values)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"{statistics.median(values):.2f} ms median, {p99:.2f} ms p99 ({len(values)} searches)"


def _builds(env: dict[str, str]) -> Iterator[float]:
    for _ in range(BUILDS):
        started = time.perf_counter()
        subprocess.run([*COMMAND, "index", "build"], env=env, check=True, capture_output=True)
        yield time.perf_counter() - started


def _client_time(server: Server, query: str) -> float:
    started = time.perf_counter()
    server.get("/search", q=query)
    return (time.perf_counter() - started) * 1000


def run() -> list[Row]:
    """Measure, and return what was measured with its figures."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        env = environment(data_dir)
        subprocess.run([*COMMAND, "index", "build"], env=env, check=True, capture_output=True)
        builds = list(_builds(env))
        size = sum(f.stat().st_size for f in (data_dir / "index").rglob("*") if f.is_file())
        starts = []
        for _ in range(STARTS):
            with serving(env) as server:
                starts.append(server.ready_after)
        quiet_env = environment(data_dir, OTEL_TRACES_SAMPLER="always_off")
        with serving(env) as server, serving(quiet_env) as quiet:
            books = len(server.get("/books")["books"])
            for query in QUERIES:
                server.get("/search", q=query)
                quiet.get("/search", q=query)
            server_times = [server.time_of_search(q=q) for _ in range(ROUNDS) for q in QUERIES]
            traced, untraced = [], []
            for _ in range(ROUNDS):
                for query in QUERIES:
                    traced.append(_client_time(server, query))
                    untraced.append(_client_time(quiet, query))
            resident = server.resident_bytes()
    ratio = statistics.median(traced) / statistics.median(untraced)
    return [
        ("books", str(books)),
        ("start, index present, until `/readyz` answers", f"{statistics.median(starts):.2f} s"),
        ("the whole `index build` command", f"{statistics.median(builds):.2f} s"),
        ("index on disk", f"{size / 1e6:.1f} MB"),
        ("resident memory after 1,200 searches", f"{resident / 1e6:.0f} MB"),
        ("server time of a search, all spans recorded", _milliseconds(server_times)),
        ("seen by a client, all spans recorded", _milliseconds(traced)),
        ("seen by a client, nothing sampled, interleaved", _milliseconds(untraced)),
        ("ratio of the two medians", f"{ratio:.2f}"),
    ]
