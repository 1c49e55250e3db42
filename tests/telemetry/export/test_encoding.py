"""What is encoded here reads as OTLP's messages."""

from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span
from opentelemetry.trace import Link, SpanContext, SpanKind, TraceFlags, TraceState

from gutenberg_explorer.telemetry.export.encoding import encode_spans
from gutenberg_explorer.telemetry.recording.recorder import MAX_TEXT, RecordedSpan
from tests.telemetry.recording import attributes

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
VALUE = st.one_of(
    TEXT,
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
)
SPANS = st.builds(
    RecordedSpan,
    name=TEXT,
    kind=st.sampled_from(SpanKind),
    attributes=st.dictionaries(TEXT, VALUE, max_size=5),
    links=st.lists(
        st.builds(
            lambda trace, span: Link(SpanContext(trace, span, True, TraceFlags(1))),
            st.integers(1, 2**128 - 1),
            st.integers(1, 2**64 - 1),
        ),
        max_size=2,
    ),
    trace_id=st.integers(1, 2**128 - 1),
    span_id=st.integers(1, 2**64 - 1),
    flags=st.sampled_from([TraceFlags(1), TraceFlags(3)]),
    state=st.sampled_from([TraceState(), TraceState([("a", "1"), ("b", "2")])]),
    parent_id=st.integers(0, 2**64 - 1),
    parent_is_remote=st.booleans(),
    start_time=st.integers(0, 2**63),
    on_end=st.just(lambda _: None),
)


def _decoded(spans: list[RecordedSpan], resource: dict[str, str]) -> ResourceSpans:
    return ResourceSpans.FromString(encode_spans(spans, resource, "1.2.3"))


@given(st.lists(SPANS, max_size=3), st.dictionaries(TEXT, TEXT, max_size=3), st.booleans())
def test_every_span_is_decoded_as_it_was_recorded(
    spans: list[RecordedSpan], resource: dict[str, str], failed: bool
) -> None:
    for span in spans:
        span.error = failed
        span.end(span.start_time + 5)
    decoded = _decoded(spans, resource)
    assert {a.key: a.value.string_value for a in decoded.resource.attributes} == resource
    (scoped,) = decoded.scope_spans
    assert (scoped.scope.name, scoped.scope.version) == ("gutenberg_explorer", "1.2.3")
    for span, found in zip(spans, scoped.spans, strict=True):
        assert int.from_bytes(found.trace_id) == span.trace_id
        assert int.from_bytes(found.span_id) == span.span_id
        assert int.from_bytes(found.parent_span_id) == span.parent_id
        assert found.name == span.name
        assert Span.SpanKind.Name(found.kind) == f"SPAN_KIND_{span.kind.name}"
        assert found.start_time_unix_nano == span.start_time
        assert found.end_time_unix_nano == span.start_time + 5
        assert attributes(found) == span.attributes
        assert [type(v) for v in attributes(found).values()] == [
            type(v) for v in span.attributes.values()
        ]
        assert found.trace_state == span.state.to_header()
        assert found.status.code == (2 if failed else 0)
        assert found.flags == span.flags | 0x100 | (0x200 if span.parent_is_remote else 0)
        assert [(int.from_bytes(k.trace_id), int.from_bytes(k.span_id)) for k in found.links] == [
            (k.context.trace_id, k.context.span_id) for k in span.links
        ]


def test_a_text_that_is_no_unicode_or_too_long_is_mended() -> None:
    values = MappingProxyType({"a": "x\ud800y", "b": "é" * (MAX_TEXT + 1)})
    span = RecordedSpan(
        "search_api", SpanKind.INTERNAL, values, (), 1, 2, TraceFlags(1), TraceState(), 0, False,
        1, lambda _: None,
    )  # fmt: skip
    (scoped,) = _decoded([span], {}).scope_spans
    assert attributes(scoped.spans[0]) == {"a": "x?y", "b": "é" * MAX_TEXT}
