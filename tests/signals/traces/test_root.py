import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from gutenberg_explorer.signals import SummaryQuery, TraceQuery, TraceStore, to_jaeger
from gutenberg_explorer.signals.traces.root import Placed, root_of
from tests.signals.spans import SECOND, TRACE_ID, resource_spans, span
from tests.soak import share_of

NOW = 1_800_000_000 * SECOND
A, B, C, MISSING = (letter * 8 for letter in (b"a", b"b", b"c", b"m"))


@pytest.mark.parametrize(
    ("spans", "root"),
    [
        ([], None),
        # A span without a parent, also where another began before it.
        ([Placed(A, MISSING, 1, 9), Placed(B, b"", 2, 3)], B),
        ([Placed(A, b"", 2, 3), Placed(B, b"", 1, 2)], B),
        ([Placed(A, b"", 1, 2), Placed(B, b"", 1, 3)], B),
        ([Placed(B, b"", 1, 2), Placed(A, b"", 1, 2)], A),
        # A span whose parent is not here, before one whose parent is.
        ([Placed(A, B, 1, 9), Placed(B, MISSING, 2, 3)], B),
        # A circle, and a span that is its own parent.
        ([Placed(A, B, 2, 3), Placed(B, A, 1, 2)], B),
        ([Placed(A, A, 1, 2)], A),
        ([Placed(A, A, 1, 2), Placed(B, MISSING, 5, 6)], B),
        # Times that no column holds.
        ([Placed(A, b"", 2**64 - 1, 2**64 - 1), Placed(B, b"", 2**63, 2**63)], A),
    ],
)
def test_the_rule(spans: list[Placed], root: bytes | None) -> None:
    assert root_of(spans) == root
    assert root_of(reversed(spans)) == root


_times = st.sampled_from([NOW, NOW + 1, NOW + 2, 2**63 + 5, 2**64 - 1])
_ids = st.sampled_from([bytes([n]) * 8 for n in range(1, 7)])


@st.composite
def traces(draw: st.DrawFn) -> list[Span]:
    ids = draw(st.lists(_ids, min_size=1, max_size=5, unique=True))
    spans = []
    for span_id in ids:
        one = span(span_id.hex(), span_id=span_id, start_ns=0, duration_ns=0)
        one.parent_span_id = draw(st.just(b"") | st.just(b"\0" * 8) | _ids)
        one.start_time_unix_nano, one.end_time_unix_nano = draw(_times), draw(_times)
        one.trace_state = draw(st.sampled_from(["", "a=b", "a=" + "b" * 200]))
        one.name = draw(st.sampled_from([one.name, one.name, ""]))
        spans.append(one)
    return spans


@settings(max_examples=share_of(1_200), suppress_health_check=list(HealthCheck))
@given(traces())
def test_list_and_trace_agree_on_the_root(
    tmp_path_factory: pytest.TempPathFactory, spans: list[Span]
) -> None:
    store = TraceStore(tmp_path_factory.mktemp("store") / "traces.db")
    for number, one in enumerate(spans):
        store.add([resource_spans([one], ("one", "two")[number % 2])])
    [summary] = store.summarise(SummaryQuery(TraceQuery())).traces
    trace = store.trace(TRACE_ID)
    assert trace is not None
    shown = to_jaeger(trace)
    assert shown["rootSpanID"] == summary.root.hex()
    [root] = [one for one in shown["spans"] if one["spanID"] == shown["rootSpanID"]]
    assert root["operationName"] == summary.name
    assert shown["processes"][root["processID"]]["serviceName"] == summary.root_service
    here = {one.span_id for one in spans}
    orphans = sum(any(one.parent_span_id) and one.parent_span_id not in here for one in spans)
    [found] = store.summarise_found(TraceQuery())
    assert (found.root, found.orphans) == (summary.root, orphans)
    store.close()
