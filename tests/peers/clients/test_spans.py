"""The comparison of what was sent with what is returned finds each kind of difference."""

from collections.abc import Callable

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from tests.peers.clients.spans import differences, spans_of


def pair(key: str, value: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=value))


def group() -> ResourceSpans:
    """Return a group of one span in which every field is set."""
    made = ResourceSpans(schema_url="resource schema")
    made.resource.attributes.extend([pair("service.name", "shop"), pair("host.name", "here")])
    scope = made.scope_spans.add(schema_url="scope schema")
    scope.scope.name, scope.scope.version = "scope", "1"
    scope.spans.add(
        trace_id=b"t" * 16,
        span_id=b"s" * 8,
        parent_span_id=b"p" * 8,
        trace_state="vendor=a",
        flags=257,
        name="checkout",
        kind=Span.SPAN_KIND_SERVER,
        start_time_unix_nano=1_700_000_000_000_000_001,
        end_time_unix_nano=1_700_000_000_000_000_002,
        attributes=[pair("a", "1"), pair("b", "2")],
        dropped_attributes_count=1,
        events=[Span.Event(name="event", time_unix_nano=1, attributes=[pair("c", "3")])],
        dropped_events_count=2,
        links=[Span.Link(trace_id=b"u" * 16, span_id=b"v" * 8, trace_state="vendor=b")],
        dropped_links_count=3,
        status=Status(code=Status.STATUS_CODE_ERROR, message="failed"),
    )
    return made


def other(field: str) -> Callable[[ResourceSpans], None]:
    """Return what clears one field of the span."""
    return lambda made: made.scope_spans[0].spans[0].ClearField(field)  # type: ignore[arg-type]


def one_nanosecond(made: ResourceSpans) -> None:
    made.scope_spans[0].spans[0].end_time_unix_nano += 1


def number_for_text(made: ResourceSpans) -> None:
    made.scope_spans[0].spans[0].attributes[0].value.int_value = 1


def other_event(made: ResourceSpans) -> None:
    made.scope_spans[0].spans[0].events[0].attributes[0].value.string_value = ""


def other_scope(made: ResourceSpans) -> None:
    made.scope_spans[0].scope.version = "2"


def other_scope_schema(made: ResourceSpans) -> None:
    made.scope_spans[0].schema_url = ""


def other_resource(made: ResourceSpans) -> None:
    del made.resource.attributes[1]


def other_resource_schema(made: ResourceSpans) -> None:
    made.schema_url = ""


def no_span(made: ResourceSpans) -> None:
    del made.scope_spans[0].spans[:]


@pytest.mark.parametrize(
    "change",
    [
        *(other(field.name) for field in Span.DESCRIPTOR.fields),
        one_nanosecond,
        number_for_text,
        other_event,
        other_scope,
        other_scope_schema,
        other_resource,
        other_resource_schema,
        no_span,
    ],
)
def test_a_difference_is_found(change: Callable[[ResourceSpans], None]) -> None:
    changed = group()
    change(changed)
    assert differences(spans_of([group()]), spans_of([changed])) != []


def test_the_order_of_attributes_is_no_difference() -> None:
    turned = group()
    attributes = turned.scope_spans[0].spans[0].attributes
    attributes.reverse()
    assert attributes != group().scope_spans[0].spans[0].attributes
    assert differences(spans_of([group()]), spans_of([turned])) == []
