"""Spans to test with, made by hypothesis.

Apart from those made by hand: importing hypothesis takes longer than what the tests' own processes
do.
"""

from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status


def _array(items: list[AnyValue]) -> AnyValue:
    value = AnyValue()
    value.array_value.values.extend(items)
    value.array_value.SetInParent()
    return value


def _map(items: list[AnyValue]) -> AnyValue:
    value = AnyValue()
    value.kvlist_value.SetInParent()
    for number, item in enumerate(items):
        value.kvlist_value.values.add(key=f"k{number}", value=item)
    return value


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
uint64s = st.integers(0, 2**64 - 1)
values = st.recursive(
    st.one_of(
        st.just(AnyValue()),
        texts.map(lambda v: AnyValue(string_value=v)),
        st.booleans().map(lambda v: AnyValue(bool_value=v)),
        st.integers(-(2**63), 2**63 - 1).map(lambda v: AnyValue(int_value=v)),
        st.floats(allow_nan=False).map(lambda v: AnyValue(double_value=v)),
        st.binary(max_size=8).map(lambda v: AnyValue(bytes_value=v)),
    ),
    lambda inner: st.lists(inner, max_size=3).map(_array) | st.lists(inner, max_size=2).map(_map),
    max_leaves=4,
)


attributes = st.lists(st.builds(KeyValue, key=texts, value=values), max_size=3)
ids = st.sampled_from([bytes([n]) * 8 for n in range(1, 30)])
trace_ids = st.sampled_from([bytes([n]) * 16 for n in range(1, 6)])
spans = st.builds(
    Span,
    trace_id=trace_ids,
    span_id=ids,
    parent_span_id=st.just(b"") | ids,
    name=texts,
    kind=st.integers(0, 5),
    start_time_unix_nano=uint64s,
    end_time_unix_nano=uint64s,
    attributes=attributes,
    events=st.lists(
        st.builds(Span.Event, name=texts, time_unix_nano=uint64s, attributes=attributes), max_size=2
    ),
    links=st.lists(st.builds(Span.Link, trace_id=trace_ids, span_id=ids), max_size=2),
    status=st.builds(Status, code=st.integers(0, 2), message=texts),
    trace_state=texts,
    flags=st.integers(0, 2**32 - 1),
)
many_resource_spans = st.lists(
    st.builds(
        ResourceSpans,
        resource=st.builds(Resource, attributes=attributes),
        scope_spans=st.lists(
            st.builds(ScopeSpans, spans=st.lists(spans, max_size=4), schema_url=texts), max_size=2
        ),
        schema_url=texts,
    ),
    max_size=3,
)
