import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from gutenberg_explorer.telemetry import current_trace_id, link_to, span
from tests.telemetry.recording import attributes, recording


def test_spans_nest_and_carry_attributes() -> None:
    with recording() as recorder:
        with span("search_api", {"search.query": "love", "search.limit": 20}) as outer:
            assert current_trace_id() == outer.ids[0] == f"{1:032x}"
            with span("perform_search") as inner:
                inner.set("search.top_score", 0.5)
        assert current_trace_id() is None
        spans = recorder.spans
    first, second = spans
    assert [s.name for s in spans] == ["search_api", "perform_search"]
    assert first.kind == Span.SPAN_KIND_INTERNAL
    assert attributes(first) == {"search.query": "love", "search.limit": 20}
    assert attributes(second) == {"search.top_score": 0.5}
    assert second.parent_span_id == first.span_id
    assert not first.parent_span_id
    times = [(s.start_time_unix_nano - 10**15, s.end_time_unix_nano - 10**15) for s in spans]
    assert times == [(0, 3_000), (1_000, 2_000)]
    assert first.status.code == Status.STATUS_CODE_UNSET


def test_an_exception_marks_every_span_that_it_leaves() -> None:
    with recording() as recorder:
        with pytest.raises(ValueError, match="no"), span("search_api"), span("perform_search"):
            raise ValueError("no")
        spans = recorder.spans
    assert len(spans) == 2
    for failed in spans:
        assert failed.status.code == Status.STATUS_CODE_ERROR
        assert attributes(failed) == {"error.type": "ValueError"}
        assert not failed.events


def test_a_link_names_another_span() -> None:
    with recording() as recorder:
        with span("open_index", links=[link_to("ab" * 16, "cd" * 8)]):
            pass
        (opened,) = recorder.spans
    (link,) = opened.links
    assert (link.trace_id, link.span_id) == (b"\xab" * 16, b"\xcd" * 8)


def test_threads_do_not_mix_their_traces() -> None:
    barrier = threading.Barrier(8)

    def search(_: int) -> tuple[str, str]:
        with span("search_api") as outer:
            barrier.wait()
            with span("perform_search") as inner:
                barrier.wait()
                return outer.ids[0], inner.ids[0]

    with recording(), ThreadPoolExecutor(8) as pool:
        pairs = list(pool.map(search, range(8)))
    assert all(outer == inner for outer, inner in pairs)
    assert len({outer for outer, _ in pairs}) == 8


def test_without_a_set_up_spans_cost_nothing_and_fail_nothing() -> None:
    with span("search_api", {"search.query": "love"}) as opened:
        opened.set("search.limit", 1)
        assert current_trace_id() is None
