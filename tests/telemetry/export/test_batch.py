"""The queue of spans: bounded, counted, emptied in time, and not shared with forked children."""

import logging
import os
import threading

import pytest
from opentelemetry.trace import SpanKind, TraceFlags, TraceState

from gutenberg_explorer.telemetry.export.batch import (
    Batcher,
    BatchSettings,
    Forwarded,
    Item,
    batch_settings,
    spans_in,
)
from gutenberg_explorer.telemetry.export.stats import ExportStats
from gutenberg_explorer.telemetry.recording.recorder import RecordedSpan
from tests.waiting import SECONDS, wait_until


def span(number: int = 1) -> RecordedSpan:
    return RecordedSpan(
        "search_api", SpanKind.INTERNAL, None, (), 1, number, TraceFlags(1), TraceState(), 0, False,
        1, lambda _: None,
    )  # fmt: skip


class Kept:
    """Keeps the batches that are delivered; `open` lets them pass."""

    def __init__(self) -> None:
        self.batches: list[list[Item]] = []
        self.open = threading.Event()
        self.open.set()

    def deliver(self, batch: list[Item], batcher: Batcher) -> None:
        assert self.open.wait(SECONDS)
        self.batches.append(batch)
        batcher.stats.exported += spans_in(batch)


def batcher(kept: Kept, queue: int = 100, batch: int = 10, delay: float = 60) -> Batcher:
    return Batcher(kept, ExportStats(), BatchSettings(queue, batch, delay))


def test_a_full_batch_goes_out_before_its_time() -> None:
    kept = Kept()
    queue = batcher(kept)
    for number in range(11):
        queue.put(span(number))
    wait_until(lambda: queue.stats.exported == 11)
    assert [len(each) for each in kept.batches] == [10, 1]
    queue.shutdown(SECONDS)


def test_a_few_spans_go_out_after_a_while() -> None:
    kept = Kept()
    queue = batcher(kept, delay=0.05)
    queue.put(span())
    wait_until(lambda: kept.batches)
    queue.shutdown(SECONDS)


def test_what_no_longer_fits_is_dropped_counted_and_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept = Kept()
    kept.open.clear()
    queue = batcher(kept, queue=20, delay=0.01)
    queue.put(span())
    wait_until(lambda: queue.stats.queued() == 0)  # it is on its way, and stuck
    with caplog.at_level(logging.WARNING):
        for number in range(50):
            queue.put(span(number))
        assert queue.stats.queued() == 20
        assert queue.stats.dropped == {"queue_full": 30}
        kept.open.set()
        wait_until(lambda: queue.stats.exported == 21)
        wait_until(lambda: caplog.messages)
        queue.put(span())
        wait_until(lambda: queue.stats.exported == 22)
    assert caplog.messages == ["30 spans were dropped (since the start: queue_full 30)."]
    queue.shutdown(SECONDS)


def test_spans_of_others_share_the_queue_and_have_a_bound_of_their_own() -> None:
    kept = Kept()
    queue = batcher(kept)
    queue.put(span())
    queue.forward(Forwarded(b"x" * 1000, 7))
    assert queue.stats.queued() == 8
    queue.forward(Forwarded(b"x" * 40_000_000, 5))
    assert queue.stats.dropped == {"queue_full": 5}
    queue.flush()
    assert [type(item) for item in kept.batches[0]] == [RecordedSpan, Forwarded]
    queue.forward(Forwarded(b"x" * 1000, 7))
    queue.shutdown(SECONDS)
    assert queue.stats.exported == 15


def test_the_end_waits_for_a_batch_that_is_on_its_way() -> None:
    kept = Kept()
    kept.open.clear()
    queue = batcher(kept)
    for number in range(25):
        queue.put(span(number))
    ending = threading.Thread(target=queue.shutdown, args=(SECONDS,))
    ending.start()
    wait_until(queue.stopping.is_set)
    assert ending.is_alive()
    kept.open.set()
    ending.join()
    assert [len(each) for each in kept.batches] == [10, 10, 5]
    assert not queue.stats.dropped


def test_the_end_hands_over_what_waits_and_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    kept = Kept()
    kept.open.clear()
    queue = batcher(kept)
    for number in range(25):
        queue.put(span(number))
    queue.shutdown(0.3)
    assert not kept.batches  # it has not waited until the destination is open again
    assert queue.stats.dropped == {"shutdown": 25}
    queue.put(span())
    assert queue.stats.dropped == {"shutdown": 26}
    assert caplog.messages == ["25 spans were dropped (since the start: shutdown 25)."]
    kept.open.set()


def test_a_destination_with_a_defect_costs_its_batch_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept = Kept()
    queue = batcher(kept)

    def broken(batch: list[Item], batcher: Batcher) -> None:
        del kept.deliver
        raise ZeroDivisionError

    kept.deliver = broken  # type: ignore[method-assign]
    queue.put(span(1))
    queue.flush()
    queue.put(span(2))
    queue.shutdown(SECONDS)
    assert queue.stats.dropped == {"unreachable": 1}
    assert queue.stats.exported == 1
    assert "1 spans were lost because of an internal error." in caplog.messages


def test_many_threads_lose_no_span() -> None:
    kept = Kept()
    queue = batcher(kept, queue=100_000, batch=64, delay=0.001)

    def put() -> None:
        for number in range(2_000):
            queue.put(span(number))

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.shutdown(SECONDS)
    assert sum(len(batch) for batch in kept.batches) == 16_000
    assert not queue.stats.dropped


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_sends_its_own_spans_alone() -> None:
    kept = Kept()
    queue = batcher(kept)
    queue.put(span(1))
    child = os.fork()
    if child == 0:  # in the child no assertion may go up to pytest
        queue.put(span(2))
        queue.shutdown(SECONDS)
        (batch,) = kept.batches
        sent = [item.span_id for item in batch if isinstance(item, RecordedSpan)]
        os._exit(0 if sent == [2] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    queue.shutdown(SECONDS)
    (batch,) = kept.batches
    assert [item.span_id for item in batch if isinstance(item, RecordedSpan)] == [1]


def test_the_standard_variables_are_read(caplog: pytest.LogCaptureFixture) -> None:
    assert batch_settings(local=True, environ={}) == BatchSettings(65_536, 4_096, 0.2)
    assert batch_settings(local=False, environ={}) == BatchSettings(65_536, 2_048, 5.0)
    environ = {
        "OTEL_BSP_MAX_QUEUE_SIZE": "600",
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "many",
        "OTEL_BSP_SCHEDULE_DELAY": " 1500 ",
    }
    assert batch_settings(local=False, environ=environ) == BatchSettings(600, 2_048, 1.5)
    assert caplog.messages == [
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=many is not a positive number: using 2048."
    ]
