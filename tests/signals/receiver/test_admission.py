import uuid
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from gutenberg_explorer.signals import FRONTEND_SERVICE, Admission, Bounds, Outcome, Policy
from gutenberg_explorer.signals.receiver import admission, bounds
from gutenberg_explorer.signals.traces.rows import service_name
from tests.signals import strategies as made
from tests.signals.spans import SECOND, TRACE_ID, request, span, text
from tests.soak import share_of

NOW = 1_800_000_000 * SECOND
DAY = 86_400 * SECOND
RESOURCE = {"service.name": FRONTEND_SERVICE, "service.version": "1.2.3"}
BROWSER = Policy(browser=True, frontend_resource=RESOURCE)
PROGRAM = Policy(browser=False, frontend_resource=RESOURCE)


def now_span(name: str = "x", **more: object) -> Span:
    return span(name, start_ns=NOW, **more)  # type: ignore[arg-type]


def admit(
    sent: ExportTraceServiceRequest, policy: Policy = PROGRAM
) -> tuple[list[ResourceSpans], Outcome]:
    outcome = Outcome()
    return Admission(policy, outcome, now_ns=NOW).admit(sent.resource_spans), outcome


def only(one: Span, **limits: int) -> tuple[Span, Outcome]:
    """Send `one` beside a sound span, which has to stay as it is; return what became of it."""
    sound = now_span("sound", span_id=b"sound678")
    kept, outcome = admit(request([one, sound]), Policy(browser=False, bounds=Bounds(**limits)))
    first, second = kept[0].scope_spans[0].spans
    assert second == sound
    assert outcome.rejected == 0
    return first, outcome


def attributes(resource_spans: ResourceSpans) -> dict[str, str]:
    return {a.key: a.value.string_value for a in resource_spans.resource.attributes}


@pytest.mark.parametrize("service", ["collector", FRONTEND_SERVICE])
def test_a_program_keeps_its_resource(service: str) -> None:
    sent = request([now_span()], service, text("host.name", "h" * 5_000))
    copy = ExportTraceServiceRequest()
    copy.CopyFrom(sent)
    kept, outcome = admit(sent)
    assert kept == list(copy.resource_spans)
    assert (outcome.rejected, outcome.message) == (0, "")


def test_the_page_is_given_its_resource() -> None:
    instance = str(uuid.uuid4())
    sent = request(
        [now_span()],
        FRONTEND_SERVICE,
        text("service.version", "forged"),
        text("service.instance.id", instance.upper()),
        text("user.email", "reader@example.org"),
    )
    sent.resource_spans[0].schema_url = "https://example.org"
    [kept], outcome = admit(sent, BROWSER)
    assert attributes(kept) == {**RESOURCE, "service.instance.id": instance}
    assert kept.schema_url == ""
    assert outcome.message == ""


def test_dropped_entities_are_announced() -> None:
    sent = request([now_span()], "collector")
    for number in range(1_100):
        sent.resource_spans[0].resource.entity_refs.add(type=str(number))
    [kept], outcome = admit(sent)
    assert len(kept.resource.entity_refs) == 1_024
    assert outcome.message


ID = uuid.UUID("9d3f6d2c-52a9-4c57-8f0b-0f6a3c1f7a55")


@pytest.mark.parametrize("instance", ["me", "", f"{{{ID}}}", ID.hex])
def test_an_instance_that_is_no_uuid(instance: str) -> None:
    sent = request([now_span()], FRONTEND_SERVICE, text("service.instance.id", instance))
    [kept], _ = admit(sent, BROWSER)
    assert attributes(kept) == RESOURCE


SDK = {
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "webjs",
    "telemetry.sdk.version": "3.1.0-rc.1+build_7",
}


def test_the_page_tells_which_sdk_it_has() -> None:
    told = [text(key, value) for key, value in SDK.items()]
    [kept], _ = admit(request([now_span()], FRONTEND_SERVICE, *told), BROWSER)
    assert attributes(kept) == {**RESOURCE, **SDK}


@pytest.mark.parametrize("value", ["", "v" * 65, "3.1.0 ", "3.1\n", "-", "reader@example.org", "٣"])
def test_what_is_no_name_of_an_sdk_is_left_out(value: str) -> None:
    told = [text(key, value) for key in SDK]
    sent = request([now_span()], FRONTEND_SERVICE, *told, text("telemetry.sdk.other", "x"))
    [kept], _ = admit(sent, BROWSER)
    assert attributes(kept) == RESOURCE


@pytest.mark.parametrize(
    "more",
    [
        [text("service.name", "")],
        [text("service.name", "  ")],
        [text("service.name", "s" * 256)],
        [text("service.name", "one"), text("service.name", "two")],
        [KeyValue(key="service.name", value=AnyValue(int_value=5))],
        [KeyValue(key="service.name", value=AnyValue(bytes_value=b"x"))],
        [KeyValue(key="service.name")],
        [],
    ],
)
def test_a_resource_without_a_usable_name(more: list[KeyValue]) -> None:
    """It stays as it was sent, and its spans count as those of an unknown service."""
    sent = request([now_span()])
    del sent.resource_spans[0].resource.attributes[:]
    sent.resource_spans[0].resource.attributes.extend([*more, text("host.name", "x")])
    sent.resource_spans.extend(request([now_span()], "named").resource_spans)
    copy = ExportTraceServiceRequest()
    copy.CopyFrom(sent)
    kept, outcome = admit(sent)
    assert kept == list(copy.resource_spans)
    assert [service_name(one) for one in kept] == ["unknown_service", "named"]
    assert outcome.rejected == 0
    assert outcome.changed == {admission.NO_SERVICE: 1}
    assert "unknown_service" in outcome.message


def test_a_request_without_a_resource() -> None:
    sent = request([now_span()])
    sent.resource_spans[0].ClearField("resource")
    [kept], outcome = admit(sent)
    assert service_name(kept) == "unknown_service"
    assert outcome.changed == {admission.NO_SERVICE: 1}


@pytest.mark.parametrize(
    ("service", "more"),
    [
        ("search-backend", []),
        ("", []),
        (FRONTEND_SERVICE, [text("service.name", "search-backend")]),
    ],
)
def test_the_page_speaks_for_itself_alone(service: str, more: list[KeyValue]) -> None:
    sent = request([now_span(), now_span()], service, *more)
    sent.resource_spans.extend(request([now_span("own")], FRONTEND_SERVICE).resource_spans)
    [kept], outcome = admit(sent, BROWSER)
    assert attributes(kept) == RESOURCE
    assert [one.name for one in kept.scope_spans[0].spans] == ["own"]
    assert outcome.left_out == {admission.WRONG_SERVICE: 2}


def test_a_resource_without_spans_is_left_out() -> None:
    kept, outcome = admit(request([], ""))
    assert (kept, outcome.message) == ([], "")


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
    [kept], outcome = admit(request([*bad[:2], *good, *bad[2:]]))
    assert outcome.left_out == {admission.WRONG_TIMES: 4}
    assert "before it starts" in outcome.message
    assert list(kept.scope_spans[0].spans) == good
    nothing, outcome = admit(request(bad))
    assert (nothing, outcome.rejected) == ([], 4)


@pytest.mark.parametrize(
    "ids",
    [
        {"trace_id": b"\0" * 16},
        {"trace_id": b"\1" * 8},
        {"span_id": b"\0" * 8},
        {"span_id": b"\1" * 16},
    ],
)
def test_a_span_without_ids_is_left_out(ids: dict[str, bytes]) -> None:
    [kept], outcome = admit(request([now_span("x", **ids), now_span("sound")]))
    assert outcome.left_out == {admission.WRONG_IDS: 1}
    assert [one.name for one in kept.scope_spans[0].spans] == ["sound"]


def test_a_span_that_is_its_own_parent_stays_as_it_was_sent() -> None:
    own, outcome = only(now_span(span_id=b"12345678", parent=b"12345678"))
    assert own.parent_span_id == b"12345678"
    assert outcome.message == ""


def test_a_parent_without_an_id() -> None:
    one, outcome = only(now_span(parent=b"\1" * 7))
    assert one.parent_span_id == b""
    assert outcome.changed == {bounds.PARENT: 1}
    zero, outcome = only(now_span(parent=b"\0" * 8))
    assert (zero.parent_span_id, outcome.message) == (b"\0" * 8, "")


def test_long_names_are_clipped() -> None:
    sent = now_span("n" * 1_807)
    sent.trace_state = ",".join(f"k{n}=v" for n in range(1_000))
    sent.status.message = "m" * 5_000
    sent.events.add(name="e" * 1_025)
    sent.links.add(trace_state="x" * 5_000)
    one, outcome = only(sent)
    assert one.name == "n" * 1_024
    assert len(one.trace_state) <= 4_096
    assert sent.trace_state.startswith(one.trace_state + ",")
    assert one.status.message == "m" * 4_096
    assert one.events[0].name == "e" * 1_024
    assert one.links[0].trace_state == ""
    assert outcome.changed == {bounds.NAME: 1, bounds.STATE: 1, bounds.STATUS: 1}
    assert outcome.message.count("1 span accepted with a change") == 3


def test_what_is_too_much_is_dropped_and_counted() -> None:
    sent = now_span(attributes=[text(f"k{n}", "v") for n in range(1_030)])
    sent.dropped_attributes_count = 2
    sent.events.extend([Span.Event(name=str(n)) for n in range(1_026)])
    sent.events[0].attributes.extend([text("k", "v")] * 1_025)
    sent.links.add(trace_id=b"x")
    sent.links.add(span_id=b"x")
    sent.links.extend([Span.Link()] * 1_023)
    sent.dropped_links_count = 2**32 - 2
    one, outcome = only(sent)
    assert [a.key for a in one.attributes] == [f"k{n}" for n in range(1_024)]
    assert one.dropped_attributes_count == 2 + 6
    assert [e.name for e in one.events] == [str(n) for n in range(1_024)]
    assert (one.dropped_events_count, one.events[0].dropped_attributes_count) == (2, 1)
    assert (len(one.links), one.dropped_links_count) == (1_022, 2**32 - 1)
    assert outcome.changed == {bounds.ATTRIBUTES: 1, bounds.EVENTS: 1, bounds.LINKS: 1}


def nest(one: Span, depth: int) -> None:
    value = one.attributes.add(key="deep").value
    for _ in range(depth):
        value = value.array_value.values.add()
    value.string_value = "end"


def depth_of(value: AnyValue) -> int:
    depth = 0
    while value.WhichOneof("value") == "array_value" and value.array_value.values:
        value = value.array_value.values[0]
        depth += 1
    return depth


@pytest.mark.parametrize(("depth", "kept"), [(16, 16), (17, 16), (40, 16)])
def test_deep_values_are_clipped(depth: int, kept: int) -> None:
    sent = now_span()
    nest(sent, depth)
    one, outcome = only(sent)
    assert depth_of(one.attributes[0].value) == kept
    assert one.dropped_attributes_count == (depth > kept)
    assert outcome.changed == ({bounds.VALUE: 1} if depth > kept else {})


def test_long_keys_and_values_are_clipped_and_counted() -> None:
    sent = now_span(attributes=[text("long", "ä" * 5_000), text("k" * 257, "x")])
    sent.dropped_attributes_count = 2
    for item in ("x" * 5_000, "y" * 5_000):
        sent.attributes.add(key="list").value.array_value.values.add(string_value=item)
    two = sent.attributes.add(key="both").value.array_value.values
    two.add(string_value="a" * 5_000)
    two.add(string_value="b" * 5_000)
    member = sent.attributes.add(key="map").value.kvlist_value.values.add(key="k" * 300)
    member.value.bytes_value = b"z" * 5_000
    many = sent.attributes.add(key="many").value.array_value.values
    many.extend([AnyValue(int_value=n) for n in range(1_025)])
    sent.events.add(name="e").attributes.append(text("long", "e" * 4_097))
    sent.links.add().attributes.append(text("fits", "e" * 4_096))
    one, outcome = only(sent)
    assert one.attributes[0].value.string_value == "ä" * 4_096
    assert one.attributes[1].key == "k" * 256
    assert one.attributes[2].value.array_value.values[0].string_value == "x" * 4_096
    assert [len(v.string_value) for v in one.attributes[4].value.array_value.values] == [4_096] * 2
    clipped = one.attributes[5].value.kvlist_value.values[0]
    assert (clipped.key, len(clipped.value.bytes_value)) == ("k" * 256, 4_096)
    assert len(one.attributes[6].value.array_value.values) == 1_024
    assert one.dropped_attributes_count == 2 + 7
    assert one.events[0].dropped_attributes_count == 1
    assert one.links[0].dropped_attributes_count == 0
    assert outcome.changed == {bounds.KEY: 1, bounds.VALUE: 1}


def test_scopes_are_clipped() -> None:
    sent = request([now_span(), now_span()])
    scope_spans = sent.resource_spans[0].scope_spans[0]
    scope_spans.schema_url = "u" * 2_000
    scope_spans.scope.name = "n" * 2_000
    scope_spans.scope.version = "v" * 2_000
    scope_spans.scope.attributes.extend([text(f"k{n}", "s" * 4_097) for n in range(30)])
    [kept], outcome = admit(sent)
    scope = kept.scope_spans[0].scope
    assert len(kept.scope_spans[0].schema_url) == len(scope.name) == len(scope.version) == 1_024
    assert {len(a.value.string_value) for a in scope.attributes} == {4_096}
    assert scope.ByteSize() <= 65_536
    assert 10 < len(scope.attributes) < 16
    assert scope.dropped_attributes_count == 30 + 30 - len(scope.attributes)
    assert outcome.changed == {bounds.SCOPE: 2}


def test_resources_are_clipped_and_keep_their_service() -> None:
    sent = request([now_span()], "s", *[text(f"k{n}", "v" * 100) for n in range(1_030)])
    resource = sent.resource_spans[0].resource
    name = resource.attributes[0]
    resource.attributes.append(name)
    del resource.attributes[0]
    sent.resource_spans[0].schema_url = "u" * 2_000
    [kept], outcome = admit(sent)
    assert service_name(kept) == "s"
    assert kept.resource.ByteSize() <= 65_536
    assert len(kept.resource.attributes) + kept.resource.dropped_attributes_count == 1_031
    assert len(kept.schema_url) == 1_024
    assert outcome.changed == {bounds.RESOURCE: 1}


def test_a_resource_is_not_stored_again_for_any_number_of_scopes() -> None:
    sent = request([now_span()], "s", *[text(f"k{n}", "v" * 1_000) for n in range(60)])
    scoped = sent.resource_spans[0].scope_spans[0]
    for number in range(1_500):
        one = sent.resource_spans[0].scope_spans.add()
        one.CopyFrom(scoped)
        one.scope.name = str(number)
    [kept], outcome = admit(sent)
    stored = sum(len(one.spans) for one in kept.scope_spans)
    assert 400 < stored < 600
    assert outcome.left_out == {admission.MANY_ORIGINS: 1_501 - stored}


def sizes(message: Span) -> Counter[str]:
    return Counter({f.name: len(v) for f, v in message.ListFields() if f.is_repeated})


@settings(max_examples=share_of(2_000))
@given(
    st.lists(made.spans, max_size=6),
    st.builds(
        Bounds,
        value_chars=st.integers(0, 12),
        name_chars=st.integers(0, 12),
        key_chars=st.integers(0, 12),
        attributes=st.integers(0, 3),
        events=st.integers(0, 2),
        links=st.integers(0, 2),
        elements=st.integers(0, 3),
        depth=st.integers(0, 2),
    ),
)
def test_a_span_is_stored_as_it_was_sent_or_the_difference_is_told(
    spans: list[Span], limits: Bounds
) -> None:
    for one in spans:
        one.start_time_unix_nano = NOW
        one.end_time_unix_nano = NOW + 1
    sent = request(spans, "s")
    copies = [Span.FromString(one.SerializeToString()) for one in spans]
    kept, outcome = admit(sent, Policy(browser=False, bounds=limits))
    after = [one for rs in kept for ss in rs.scope_spans for one in ss.spans]
    assert len(after) == len(copies)
    assert outcome.rejected == 0
    changed = sum(before != now for before, now in zip(copies, after, strict=True))
    assert changed <= outcome.changed.total()
    assert bool(changed) == any("resource" not in what for what in outcome.changed)
    for before, now in zip(copies, after, strict=True):
        lost = sizes(before) - sizes(now)
        for kind, field in (
            ("attributes", "dropped_attributes_count"),
            ("events", "dropped_events_count"),
            ("links", "dropped_links_count"),
        ):
            assert getattr(now, field) >= lost[kind]
