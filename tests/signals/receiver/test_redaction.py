import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from gutenberg_explorer.signals import FRONTEND_SERVICE, Admission, Outcome, Policy
from gutenberg_explorer.signals.receiver.redaction import redact_address
from tests.signals.spans import request, span, text


def omit(_: str) -> None:
    return None


def reverse(query: str) -> str:
    return query[::-1]


@pytest.mark.parametrize(
    ("address", "redacted"),
    [
        ("http://h/search?q=love&limit=20", "http://h/search?q=REDACTED&limit=20"),
        ("/search?limit=20&q=white%20whale", "/search?limit=20&q=REDACTED"),
        ("q=white+whale", "q=REDACTED"),
        ("?q=a=b;c#there", "?q=REDACTED#there"),
        ("?%71=love", "?%71=REDACTED"),
        ("/#q=love", "/#q=REDACTED"),
        ("GET /?q=love failed", "GET /?q=REDACTED"),
        ("?author=austen&title=emma&book=emma", "?author=REDACTED&title=REDACTED&book=emma"),
        ("?q=&q=love", "?q=&q=REDACTED"),
        ("http://h/search?faq=1&limit=q", "http://h/search?faq=1&limit=q"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (X11; Linux x86_64)"),
    ],
)
def test_what_is_typed_leaves_an_address(address: str, redacted: str) -> None:
    assert redact_address(address, omit) == redacted


def test_what_stands_for_it_is_made_of_the_decoded_text() -> None:
    assert redact_address("?q=white+wh%61le&limit=1", reverse) == "?q=elahw etihw&limit=1"


SECRET = "zyzzyva"
ADDRESS = f"http://127.0.0.1/search?q={SECRET}&method=bm25"


def _of_many_places() -> list[Span]:
    """Return a span that holds the query wherever a span can hold text."""
    inner = KeyValueList(values=[text("search.query", SECRET), text("url", ADDRESS)])
    told = [
        text("search.query", SECRET),
        text("search.method", "bm25"),
        text("url.full", ADDRESS),
        text("url.query", f"q={SECRET}"),
        text("http.url", ADDRESS),
        text("http.target", f"/search?q={SECRET}"),
        KeyValue(
            key="http.request.header.referer",
            value=AnyValue(array_value=ArrayValue(values=[AnyValue(string_value=ADDRESS)])),
        ),
        KeyValue(key="map", value=AnyValue(kvlist_value=inner)),
        KeyValue(key="search.query", value=AnyValue(bytes_value=SECRET.encode())),
    ]
    made = span(
        f"GET /search?q={SECRET}",
        attributes=told,
        status=Status(code=Status.STATUS_CODE_ERROR, message=f"{ADDRESS} failed"),
    )
    made.events.add(name=f"fetch {ADDRESS}", attributes=told, time_unix_nano=1)
    made.links.add(trace_id=b"t" * 16, span_id=b"s" * 8, attributes=told)
    return [made]


def _admitted(service: str, policy: Policy) -> ResourceSpans:
    sent = request(_of_many_places(), service, text("page", ADDRESS))
    sent.resource_spans[0].scope_spans[0].scope.attributes.append(text("page", ADDRESS))
    (admitted,) = Admission(policy, Outcome()).admit(sent.resource_spans)
    return admitted


@pytest.mark.parametrize("service", [FRONTEND_SERVICE, "another"])
def test_an_admitted_span_holds_no_query_anywhere(service: str) -> None:
    plain = _admitted(service, Policy(browser=False)).SerializeToString()
    assert plain.count(SECRET.encode()) > 20
    admitted = _admitted(service, Policy(browser=False, redact_query=omit))
    assert SECRET.encode() not in admitted.SerializeToString()
    (kept,) = admitted.scope_spans[0].spans
    for holder in (kept, kept.events[0], kept.links[0]):
        assert [a.key for a in holder.attributes] == [
            "search.method",
            "url.full",
            "url.query",
            "http.url",
            "http.target",
            "http.request.header.referer",
            "map",
        ]
        assert holder.attributes[1].value.string_value.endswith("?q=REDACTED&method=bm25")
        (address,) = holder.attributes[6].value.kvlist_value.values
        assert address.key == "url"


def test_what_stands_for_a_query_is_kept_in_its_place() -> None:
    admitted = _admitted("another", Policy(browser=False, redact_query=reverse))
    assert SECRET.encode() not in admitted.SerializeToString()
    (kept,) = admitted.scope_spans[0].spans
    assert kept.attributes[0] == text("search.query", SECRET[::-1])
    assert kept.attributes[2].value.string_value.endswith(f"?q={SECRET[::-1]}&method=bm25")
