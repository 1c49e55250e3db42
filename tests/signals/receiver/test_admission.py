import uuid
from collections.abc import Callable

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from gutenberg_explorer.signals import FRONTEND_SERVICE, MalformedError, Policy, check
from tests.signals.spans import SECOND, TRACE_ID, request, span, text

NOW = 1_800_000_000 * SECOND
DAY = 86_400 * SECOND
RESOURCE = {"service.name": FRONTEND_SERVICE, "service.version": "1.2.3"}
BROWSER = Policy(browser=True, frontend_resource=RESOURCE)
PROGRAM = Policy(browser=False, frontend_resource=RESOURCE)


def now_span(name: str = "x", **more: object) -> Span:
    return span(name, start_ns=NOW, **more)  # type: ignore[arg-type]


def attributes(resource_spans: ResourceSpans) -> dict[str, str]:
    return {a.key: a.value.string_value for a in resource_spans.resource.attributes}


def test_a_program_keeps_its_resource() -> None:
    sent = request([now_span()], "collector", text("host.name", "h" * 5_000))
    copy = ExportTraceServiceRequest()
    copy.CopyFrom(sent)
    admitted = check(sent, PROGRAM, now_ns=NOW)
    assert admitted.resource_spans == list(copy.resource_spans)
    assert (admitted.rejected, admitted.reason) == (0, "")


@pytest.mark.parametrize("policy", [BROWSER, PROGRAM])
def test_the_page_is_given_its_resource(policy: Policy) -> None:
    instance = str(uuid.uuid4())
    sent = request(
        [now_span()],
        FRONTEND_SERVICE,
        text("service.version", "forged"),
        text("service.instance.id", instance.upper()),
        text("user.email", "reader@example.org"),
    )
    sent.resource_spans[0].schema_url = "https://example.org"
    admitted = check(sent, policy, now_ns=NOW)
    assert attributes(admitted.resource_spans[0]) == {**RESOURCE, "service.instance.id": instance}
    assert admitted.resource_spans[0].schema_url == ""


ID = uuid.UUID("9d3f6d2c-52a9-4c57-8f0b-0f6a3c1f7a55")


@pytest.mark.parametrize("instance", ["me", "", f"{{{ID}}}", ID.hex])
def test_an_instance_that_is_no_uuid(instance: str) -> None:
    sent = request([now_span()], FRONTEND_SERVICE, text("service.instance.id", instance))
    assert attributes(check(sent, BROWSER, now_ns=NOW).resource_spans[0]) == RESOURCE


SDK = {
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "webjs",
    "telemetry.sdk.version": "3.1.0-rc.1+build_7",
}


def test_the_page_tells_which_sdk_it_has() -> None:
    told = [text(key, value) for key, value in SDK.items()]
    sent = request([now_span()], FRONTEND_SERVICE, *told)
    assert attributes(check(sent, BROWSER, now_ns=NOW).resource_spans[0]) == {**RESOURCE, **SDK}


@pytest.mark.parametrize("value", ["", "v" * 65, "3.1.0 ", "3.1\n", "-", "reader@example.org", "٣"])
def test_what_is_no_name_of_an_sdk_is_left_out(value: str) -> None:
    told = [text(key, value) for key in SDK]
    sent = request([now_span()], FRONTEND_SERVICE, *told, text("telemetry.sdk.other", "x"))
    assert attributes(check(sent, BROWSER, now_ns=NOW).resource_spans[0]) == RESOURCE


@pytest.mark.parametrize(
    ("policy", "service", "more"),
    [
        (BROWSER, "search-backend", []),
        (PROGRAM, "", []),
        (PROGRAM, "  ", []),
        (PROGRAM, "s" * 256, []),
        (PROGRAM, "one", [text("service.name", "two")]),
        (BROWSER, FRONTEND_SERVICE, [text("service.name", "search-backend")]),
    ],
)
def test_services_that_are_refused(policy: Policy, service: str, more: list[KeyValue]) -> None:
    with pytest.raises(MalformedError, match=r"service\.name"):
        check(request([now_span()], service, *more), policy, now_ns=NOW)


def test_a_resource_is_needed() -> None:
    sent = request([now_span()])
    sent.resource_spans[0].ClearField("resource")
    with pytest.raises(MalformedError, match=r"service\.name"):
        check(sent, PROGRAM, now_ns=NOW)


def test_a_resource_without_spans_is_left_out() -> None:
    assert check(request([], ""), PROGRAM, now_ns=NOW).resource_spans == []


@pytest.mark.parametrize(("policy", "limit"), [(BROWSER, 512), (PROGRAM, 10_000)])
def test_how_many_spans(policy: Policy, limit: int) -> None:
    sent = request([], FRONTEND_SERVICE)
    for _ in range(limit):
        sent.resource_spans[0].scope_spans[0].spans.add(
            trace_id=TRACE_ID,
            span_id=b"12345678",
            start_time_unix_nano=NOW,
            end_time_unix_nano=NOW,
        )
    assert check(sent, policy, now_ns=NOW).rejected == 0
    sent.resource_spans[0].scope_spans[0].spans.append(now_span())
    with pytest.raises(MalformedError, match=str(limit)):
        check(sent, policy, now_ns=NOW)


def test_impossible_times_are_left_out_one_by_one() -> None:
    good = [
        now_span("now"),
        span("old", start_ns=NOW - 7 * DAY),
        span("ahead", start_ns=NOW + DAY - 5, duration_ns=5),
        span("nothing", start_ns=NOW, duration_ns=0),
    ]
    bad = [
        span("too old", start_ns=NOW - 7 * DAY - 1),
        span("too far ahead", start_ns=NOW, duration_ns=DAY + 1),
        span("backwards", start_ns=NOW, duration_ns=-1),
        Span(trace_id=TRACE_ID, span_id=b"12345678"),
    ]
    admitted = check(request([*bad[:2], *good, *bad[2:]]), PROGRAM, now_ns=NOW)
    assert admitted.rejected == 4
    assert "end before they start" in admitted.reason
    assert list(admitted.resource_spans[0].scope_spans[0].spans) == good
    nothing = check(request(bad), PROGRAM, now_ns=NOW)
    assert (nothing.resource_spans, nothing.rejected) == ([], 4)


def wrong(change: Callable[[Span], object]) -> Span:
    one = now_span(span_id=b"12345678")
    change(one)
    return one


def nest(one: Span, depth: int) -> None:
    value = one.attributes.add(key="deep").value
    for _ in range(depth):
        value = value.array_value.values.add()


@pytest.mark.parametrize(
    "one",
    [
        now_span(trace_id=b"\0" * 16),
        now_span(trace_id=b"\1" * 8),
        now_span(trace_id=b""),
        now_span(span_id=b"\0" * 8),
        now_span(span_id=b"\1" * 16),
        now_span(parent=b"\1" * 7),
        now_span(span_id=b"12345678", parent=b"12345678"),
        now_span("n" * 1_025),
        wrong(lambda s: setattr(s, "trace_state", "x" * 5_000)),
        wrong(lambda s: s.attributes.extend([text("k", "v")] * 1_025)),
        wrong(lambda s: s.attributes.append(text("k" * 257, "v"))),
        wrong(lambda s: s.events.extend([Span.Event()] * 1_025)),
        wrong(lambda s: s.events.add(name="e" * 1_025)),
        wrong(lambda s: s.events.add().attributes.extend([text("k", "v")] * 1_025)),
        wrong(lambda s: s.links.extend([Span.Link()] * 1_025)),
        wrong(lambda s: s.links.add(trace_id=b"x")),
        wrong(lambda s: s.links.add(span_id=b"x")),
        wrong(lambda s: nest(s, 17)),
        wrong(lambda s: s.attributes.add().value.array_value.values.extend([AnyValue()] * 1_025)),
        wrong(lambda s: s.attributes.add().value.kvlist_value.values.add(key="k" * 257)),
    ],
)
def test_spans_that_are_refused(one: Span) -> None:
    with pytest.raises(MalformedError):
        check(request([now_span(), one]), PROGRAM, now_ns=NOW)


def test_spans_that_are_odd_and_yet_right() -> None:
    one = now_span("", parent=b"\0" * 8)
    one.links.add()
    nest(one, 16)
    assert check(request([one]), PROGRAM, now_ns=NOW).rejected == 0


def test_resources_and_scopes_that_are_refused() -> None:
    sent = request([now_span()], "s", *[text("k", "v")] * 1_025)
    with pytest.raises(MalformedError):
        check(sent, PROGRAM, now_ns=NOW)
    sent = request([now_span()])
    sent.resource_spans[0].scope_spans[0].scope.name = "n" * 1_025
    with pytest.raises(MalformedError):
        check(sent, PROGRAM, now_ns=NOW)


def test_long_values_are_clipped_and_counted() -> None:
    one = now_span(attributes=[text("long", "ä" * 5_000), text("short", "x")])
    one.dropped_attributes_count = 2
    one.status.message = "m" * 5_000
    for item in ("x" * 5_000, "y" * 5_000):
        one.attributes.add(key="list").value.array_value.values.add(string_value=item)
    two = one.attributes.add(key="both").value.array_value.values
    two.add(string_value="a" * 5_000)
    two.add(string_value="b" * 5_000)
    one.attributes.add(key="map").value.kvlist_value.values.add(key="k").value.bytes_value = (
        b"z" * 5_000
    )
    one.events.add(name="e").attributes.append(text("long", "e" * 4_097))
    one.links.add().attributes.append(text("fits", "e" * 4_096))
    sent = request([one])
    sent.resource_spans[0].scope_spans[0].scope.attributes.append(text("long", "s" * 4_097))
    [admitted] = check(sent, PROGRAM, now_ns=NOW).resource_spans
    clipped = admitted.scope_spans[0].spans[0]
    assert clipped.attributes[0].value.string_value == "ä" * 4_096
    assert clipped.attributes[2].value.array_value.values[0].string_value == "x" * 4_096
    assert [len(v.string_value) for v in clipped.attributes[4].value.array_value.values] == [
        4_096,
        4_096,
    ]
    assert len(clipped.attributes[5].value.kvlist_value.values[0].value.bytes_value) == 4_096
    assert clipped.dropped_attributes_count == 2 + 5
    assert len(clipped.status.message) == 4_096
    assert clipped.events[0].dropped_attributes_count == 1
    assert clipped.links[0].dropped_attributes_count == 0
    assert admitted.scope_spans[0].scope.dropped_attributes_count == 1
