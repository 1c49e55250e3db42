"""What a sender sends is what a reader gets, or the response says what differs."""

import itertools
import math
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.signals import TokenBucket
from gutenberg_explorer.signals.receiver import bounds
from tests.api.part_of_backend import running_of
from tests.signals import strategies as made
from tests.signals.otlp.decoding import whole
from tests.signals.otlp.protobuf_json import to_json
from tests.soak import share_of

PROTOBUF, JSON = "application/x-protobuf", "application/json"
TRACES = 500
NOW = time.time_ns()
numbers = itertools.count(1)

long_or_odd = st.one_of(
    made.texts,
    st.sampled_from(
        ["", "\0", "\u202eab\u2069", "e\u0301", "<b>", '"\\', "\U0001f40b", "error", "span.kind"]
    ),
    st.builds(
        str.__mul__,
        st.sampled_from(["n", "é", "\U0001f40b"]),
        st.sampled_from([256, 257, 1_807, 4_097]),
    ),
)
scalars = st.one_of(
    long_or_odd.map(lambda v: AnyValue(string_value=v)),
    st.sampled_from([math.nan, math.inf, -0.0, 5e-324]).map(lambda v: AnyValue(double_value=v)),
    st.sampled_from([-(2**63), 2**63 - 1]).map(lambda v: AnyValue(int_value=v)),
    made.values,
)
attributes = st.lists(st.builds(KeyValue, key=long_or_odd, value=scalars), max_size=4)
ids = st.sampled_from([b"", b"\0" * 8, b"short", *(bytes([n]) * 8 for n in range(1, 5))])
starts = st.sampled_from([NOW, NOW - 1, NOW - 10**18, NOW + 10**18, 0, 2**64 - 1])
spans = st.builds(
    Span,
    span_id=ids,
    parent_span_id=ids,
    name=long_or_odd,
    kind=st.integers(0, 7),
    start_time_unix_nano=st.just(NOW) | starts,
    end_time_unix_nano=st.just(NOW + 450) | starts,
    attributes=attributes,
    events=st.lists(
        st.builds(Span.Event, name=long_or_odd, time_unix_nano=made.uint64s, attributes=attributes),
        max_size=2,
    ),
    links=st.lists(
        st.builds(
            Span.Link, trace_id=made.trace_ids | st.just(b"x"), span_id=ids, attributes=attributes
        ),
        max_size=2,
    ),
    status=st.builds(Status, code=st.integers(0, 2), message=long_or_odd),
    trace_state=long_or_odd,
    flags=st.integers(0, 2**32 - 1),
    dropped_attributes_count=st.sampled_from([0, 1, 2**32 - 1]),
)
services = st.sampled_from(["shop", "", "s" * 300]) | long_or_odd
groups = st.lists(
    st.builds(
        ResourceSpans,
        resource=st.builds(
            Resource,
            attributes=st.lists(
                services.map(
                    lambda v: KeyValue(key="service.name", value=AnyValue(string_value=v))
                ),
                max_size=2,
            ),
        ),
        scope_spans=st.lists(
            st.builds(
                ScopeSpans,
                scope=st.builds(InstrumentationScope, name=long_or_odd, attributes=attributes),
                spans=st.lists(spans, max_size=4),
                schema_url=long_or_odd,
            ),
            max_size=2,
        ),
        schema_url=long_or_odd,
    ),
    max_size=2,
)

Piece = tuple[bytes, bytes, str, bytes, str]


def pieces(sent: ExportTraceServiceRequest) -> list[Piece]:
    """Return each span with its resource and scope, as bytes: NaN is not equal to itself."""
    return [
        (
            one.SerializeToString(),
            rs.resource.SerializeToString(),
            rs.schema_url,
            ss.scope.SerializeToString(),
            ss.schema_url,
        )
        for rs in sent.resource_spans
        for ss in rs.scope_spans
        for one in ss.spans
    ]


CHANGES = {
    "name": bounds.NAME,
    "trace_state": bounds.STATE,
    "parent_span_id": bounds.PARENT,
    "status": bounds.STATUS,
    "links": bounds.LINKS,
    "keys": bounds.KEY,
    "values": bounds.VALUE,
    "resource": bounds.RESOURCE,
    "scope": bounds.SCOPE,
}


def said(why: str) -> list[str]:
    """Return what a message says was changed."""
    return [kind for kind, words in CHANGES.items() if words in why]


def differences(sent: Piece, kept: Piece) -> Iterator[str]:
    """Yield what differs between a span and another of the same id, or that it has another id."""
    before, after = Span.FromString(sent[0]), Span.FromString(kept[0])
    for field in ("span_id", "kind", "name", "trace_state", "parent_span_id", "status"):
        if getattr(before, field) != getattr(after, field):
            yield field
    if sent[1:3] != kept[1:3]:
        yield "resource"
    if sent[3:] != kept[3:]:
        yield "scope"
    yield from differences_inside(before, after)


def differences_inside(before: Span, after: Span) -> Iterator[str]:
    if len(before.links) != len(after.links):
        yield "links"
    if len(before.events) != len(after.events):
        yield "events"
    if [one.name for one in before.events] != [one.name for one in after.events]:
        yield "name"
    old, new = ([*attributes_of(one)] for one in (before, after))
    if [one.key for one in old] != [one.key for one in new]:
        yield "keys"
    if [in_bytes(one) for one in old] != [in_bytes(one) for one in new]:
        yield "values"


def attributes_of(one: Span) -> Iterator[KeyValue]:
    yield from one.attributes
    for event in one.events:
        yield from event.attributes


def in_bytes(attribute: KeyValue) -> bytes:
    return attribute.value.SerializeToString()


@pytest.mark.parametrize("form", [PROTOBUF, JSON])
@settings(
    max_examples=share_of(TRACES // 2),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=groups)
def test_a_trace_comes_back_as_it_was_sent_or_the_difference_is_told(
    client: TestClient, backend: Backend, form: str, sent: list[ResourceSpans]
) -> None:
    running_of(client.app).span_rate = TokenBucket(rate=1e6, burst=10**6)
    trace_id = next(numbers).to_bytes(16, "big")
    message = ExportTraceServiceRequest(resource_spans=sent)
    for rs in message.resource_spans:
        for ss in rs.scope_spans:
            for one in ss.spans:
                one.trace_id = trace_id
    body = message.SerializeToString() if form == PROTOBUF else to_json(message)
    response = client.post("/v1/traces", content=body, headers={"content-type": form})
    assert response.status_code == 200, response.text
    if form == PROTOBUF:
        told = ExportTraceServiceResponse.FromString(response.content).partial_success
        rejected, why = told.rejected_spans, told.error_message
    else:
        partial = response.json().get("partialSuccess", {})
        rejected, why = int(partial.get("rejectedSpans", 0)), partial.get("errorMessage", "")
    answer = client.get(f"/api/traces/{trace_id.hex()}/otlp")
    kept = pieces(whole(answer.content, JSON)) if answer.status_code == 200 else []
    before = pieces(message)
    missing = Counter(before) - Counter(kept)
    assert len(kept) + rejected <= len(before)
    assert len(kept) == len({Span.FromString(piece[0]).span_id for piece in kept})
    if not why:
        # Some were sent twice: the store keeps one of them.
        assert not Counter(kept) - Counter(before)
        assert {piece[0] for piece in missing} <= {piece[0] for piece in kept}
    for piece in (Counter(kept) - Counter(before)).elements():
        assert any(set(differences(one, piece)) <= set(said(why)) for one in before), why
    assert (rejected > 0) == ("rejected" in why)
