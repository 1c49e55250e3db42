"""Trace completeness as a number: searches under load, an endpoint whole or failing, and a verdict.

The endpoint is a process of its own (`recorder`); the searches carry a `traceparent`, as a
browser's do.
"""

import re
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.judge import Verdict, judge
from benchmarks.load import Load
from benchmarks.memory import Peak
from benchmarks.recorder import Fault, Recorder, recording
from benchmarks.server import Server, environment, serving

SEARCHES = 20_000
RATE = 200.0
# Of a run with a fault: seconds before it, with it, and after it.
BEFORE, DURING, AFTER = 2.0, 20.0, 5.0
FAULTS: tuple[Fault, ...] = (
    "refused", "black hole", "slow", "429", "503", "400", "partial", "tls", "dns",
)  # fmt: skip
# How long what waits may take to arrive once the endpoint is back (s).
_BACK = 6.0
_DROPPED = re.compile(r"since the start: ([^)]*)\)")
_WARNED = re.compile(r'"severity": "WARNING"')

COMPLETENESS = [f"| run | {Verdict.HEADER} |", "|" + "---|" * 10]
OUTAGES = [
    "| endpoint | searches, failed | median, p99 | p99 to that without a fault | memory at most "
    "| complete traces | dropped spans | warnings |",
    "|---|---|---|---|---|---|---|---|",
]


@dataclass(frozen=True)
class Run:
    """What was seen in one run: the verdict, latencies in milliseconds, memory in bytes."""

    verdict: Verdict
    median: float
    p99: float
    memory: int
    dropped: str
    warnings: int


@contextmanager
def _served(folder: Path, recorder: Recorder, fault: Fault, workers: int) -> Iterator[Server]:
    url = recorder.url
    if fault == "tls":
        url = url.replace("http:", "https:")
    if fault == "dns":
        url = "http://nowhere.invalid:4318"
    env = environment(
        folder / "data",
        OTEL_EXPORTER_OTLP_ENDPOINT=url,
        OTEL_METRICS_EXPORTER="none",
        OTEL_LOGS_EXPORTER="none",
        GUTENBERG_EXPLORER_LOG_FORMAT="json",
    )
    with (folder / "log").open("wb") as log:
        options = ["--workers", str(workers)] if workers > 1 else []
        with serving(env, *options, output=log) as server:
            for method in ("tfidf", "bm25"):  # what the first search loads is not measured
                server.get("/search", q="love", method=method)
            yield server


def _run(
    searches: int,
    *,
    rate: float | None = None,
    workers: int = 1,
    fault: Fault = "none",
    ends_after: int | None = None,
) -> Run:
    """Search, and return what was seen.

    `fault` begins and ends as the constants say; `ends_after` so many answers the server is told to
    end.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with recording(folder) as recorder:
            with (
                _served(folder, recorder, fault, workers) as server,
                Peak(server.process.pid) as peak,
            ):
                load = Load(server.port, searches, rate)
                load.start()
                if fault != "none":
                    _break(recorder, fault)
                while ends_after and len(load.done) < ends_after:
                    time.sleep(0.005)
                if ends_after:
                    server.process.send_signal(signal.SIGTERM)
                    server.process.wait()
                    load.stop()
                done = load.join()
                if fault not in ("none", "tls", "dns"):
                    time.sleep(_BACK)
            verdict = judge(done, recorder.received())
        log = (folder / "log").read_text()
    times = sorted(search.seconds * 1000 for search in done if search.status == 200)
    return Run(
        verdict,
        statistics.median(times),
        times[int(len(times) * 0.99)],
        peak.bytes,
        next(iter(_DROPPED.findall(log)[-1:]), "none"),
        len(_WARNED.findall(log)),
    )


def _break(recorder: Recorder, fault: Fault) -> None:
    """Break the endpoint for a while."""
    time.sleep(BEFORE)
    if fault == "refused":
        recorder.kill()
    else:
        recorder.fail(fault)
    time.sleep(DURING)
    if fault == "refused":
        recorder.start()
    else:
        recorder.fail("none")


def _row(name: str, run: Run) -> str:
    row = f"| {name} | {run.verdict.row()} |"
    print(row, flush=True)
    return row


def completeness(searches: int) -> list[str]:
    """Return the table of runs without a fault, with an end in the middle, and with an outage."""
    rows = [
        _row(f"{workers} workers, full speed", _run(searches, workers=workers))
        for workers in (1, 2)
    ]
    ended = _run(searches, workers=2, ends_after=searches // 2)
    rows.append(_row("2 workers, full speed, SIGTERM in the middle", ended))
    return [*COMPLETENESS, *rows]


def outages() -> list[str]:
    """Return the table of outages, each compared with a run without one."""
    searches = int(RATE * (BEFORE + DURING + AFTER))
    runs: list[tuple[Fault, Run]] = []
    whole = []
    for number, fault in enumerate(FAULTS):
        if number % 3 == 0:  # now and then, since the machine is not always as fast
            whole.append(_run(searches, rate=RATE))
        runs.append((fault, _run(searches, rate=RATE, fault=fault)))
        print(*runs[-1], flush=True)
    base = statistics.median(each.p99 for each in whole)
    rows = []
    for fault, run in runs:
        verdict = run.verdict
        cells = [
            fault,
            f"{verdict.asked:,}, {verdict.failed}",
            f"{run.median:.1f} ms, {run.p99:.0f} ms",
            f"{run.p99 / base:.2f}",
            f"{run.memory / 1e6:.0f} MB",
            f"{verdict.complete / verdict.answered:.1%}",
            run.dropped,
            f"{run.warnings}",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    quiet = min(whole, key=lambda each: abs(each.p99 - base))
    none = [
        "none",
        f"{quiet.verdict.asked:,}, {quiet.verdict.failed}",
        f"{quiet.median:.1f} ms, {quiet.p99:.0f} ms",
        "1",
        f"{quiet.memory / 1e6:.0f} MB",
        f"{quiet.verdict.complete / quiet.verdict.answered:.1%}",
        quiet.dropped,
        f"{quiet.warnings}",
    ]
    return [*OUTAGES, f"| {' | '.join(none)} |", *rows]
