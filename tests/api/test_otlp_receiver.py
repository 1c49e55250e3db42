import gzip
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from google.rpc.code_pb2 import Code
from google.rpc.status_pb2 import Status
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer.api import gate, otlp_body, otlp_cors, otlp_receiver, problems
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from gutenberg_explorer.signals import FRONTEND_SERVICE, Added, StoreError, TokenBucket
from tests.api.part_of_backend import install, part_of_backend, running_of
from tests.conftest import LOCAL, client_of
from tests.signals.otlp.protobuf_json import to_json
from tests.signals.spans import SECOND, request, span, text
from tests.soak import share_of

PROTOBUF = {"content-type": "application/x-protobuf"}
JSON = {"content-type": "application/json"}
FORMS = {*PROTOBUF.values(), *JSON.values()}
BROWSER = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
RESOURCE = {"service.name": FRONTEND_SERVICE, "service.version": "1.2.3"}


class Admitted(list[ResourceSpans]):
    error: Exception | None = None

    added = Added()

    from_page: bool | None = None

    def __call__(self, resource_spans: list[ResourceSpans], *, from_page: bool) -> Added:
        if self.error:
            raise self.error
        self.from_page = from_page
        self.extend(resource_spans)
        return self.added


def admitted_by(app: FastAPI) -> Admitted:
    admitted = running_of(app).backend.admit_spans
    assert isinstance(admitted, Admitted)
    return admitted


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    problems.install(app)
    app.add_middleware(gate.Gate, hosts=["testserver", "x"])
    app.include_router(otlp_receiver.router)
    backend = part_of_backend(admit_spans=Admitted())
    backend.tracing.frontend_resource = RESOURCE
    install(app, backend).span_rate = TokenBucket(rate=1e6, burst=1_000_000)
    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


def post(client: TestClient, body: bytes, *headers: dict[str, str]) -> Any:
    merged = {name: value for some in headers for name, value in some.items()}
    return client.post("/v1/traces", content=body, headers=merged)


def assert_status(response: Any, status: int, form: str = "application/json") -> Status:
    """Hold an error to be a google.rpc.Status in `form`, and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == form
    if form == "application/json":
        told = response.json()
        assert set(told) == {"code", "message"}
        answer = Status(code=told["code"], message=told["message"])
    else:
        answer = Status.FromString(response.content)
    assert answer.code > 0
    assert answer.message
    return answer


def test_a_program_sends_protobuf(app: FastAPI, client: TestClient) -> None:
    sent = request([span()], "collector")
    response = post(client, sent.SerializeToString(), PROTOBUF)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/x-protobuf"
    answer = ExportTraceServiceResponse.FromString(response.content)
    assert answer == ExportTraceServiceResponse()
    assert admitted_by(app) == list(sent.resource_spans)


def test_a_program_sends_json_in_gzip(app: FastAPI, client: TestClient) -> None:
    sent = request([span()], "collector")
    body = gzip.compress(to_json(sent))
    response = post(client, body, JSON, {"content-encoding": "gzip"})
    assert (response.status_code, response.json()) == (200, {})
    assert response.headers["content-type"] == "application/json"
    assert admitted_by(app) == list(sent.resource_spans)


def test_the_page_sends_its_spans(app: FastAPI, client: TestClient) -> None:
    instance = str(uuid.uuid4())
    sent = request([span()], FRONTEND_SERVICE, text("service.instance.id", instance))
    assert post(client, to_json(sent), JSON, BROWSER).status_code == 200
    [admitted] = admitted_by(app)
    held = {a.key: a.value.string_value for a in admitted.resource.attributes}
    assert held == {**RESOURCE, "service.instance.id": instance}


def test_nothing_is_admitted_of_an_empty_request(app: FastAPI, client: TestClient) -> None:
    assert post(client, b"", PROTOBUF).status_code == 200
    assert post(client, b"{}", JSON).status_code == 200
    assert admitted_by(app) == []


@pytest.mark.parametrize("form", [JSON, PROTOBUF])
def test_some_spans_are_left_out(app: FastAPI, client: TestClient, form: dict[str, str]) -> None:
    sent = request([span("good"), span("old", start_ns=5), span("ahead", duration_ns=10**15)])
    body = to_json(sent) if form is JSON else sent.SerializeToString()
    response = post(client, body, form)
    assert response.status_code == 200
    if form is JSON:
        partial = response.json()["partialSuccess"]
        assert partial["rejectedSpans"] == "2"
        assert partial["errorMessage"].startswith("2 spans rejected: the span ends before")
    else:
        answer = ExportTraceServiceResponse.FromString(response.content)
        assert answer.partial_success.rejected_spans == 2
    [admitted] = admitted_by(app)
    assert [one.name for one in admitted.scope_spans[0].spans] == ["good"]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "http://testserver:81"},
        {"origin": "null"},
    ],
)
def test_other_sites_are_refused_before_anything_else(
    app: FastAPI, client: TestClient, headers: dict[str, str]
) -> None:
    running_of(app).span_rate = TokenBucket(rate=0.001, burst=1)
    sent = to_json(request([span()], FRONTEND_SERVICE))
    for _ in range(3):
        assert_status(post(client, sent, {"content-type": "text/plain"}, headers), 403)
    assert post(client, sent, JSON, BROWSER).status_code == 200


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (415, {"content-type": "text/plain"}, b"{}"),
        (415, {}, b"{}"),
        (415, {**JSON, "content-encoding": "br"}, b"{}"),
        (400, JSON, b""),
        (400, JSON, b"{"),
        (400, PROTOBUF, b"{"),
        (400, {**JSON, "content-encoding": "gzip"}, b"{}"),
        (400, JSON, b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":"SERVER"}]}]}]}'),
        (413, {**JSON, **BROWSER}, b"{" + b" " * 256 * 1024),
        (413, JSON, b"{" + b" " * 20 * 1024 * 1024),
        (413, {**JSON, "content-encoding": "gzip"}, gzip.compress(b" " * 21_000_000)),
        (413, {**JSON, **BROWSER, "content-encoding": "gzip"}, gzip.compress(b" " * 1_100_000)),
    ],
)
def test_what_is_refused(
    app: FastAPI, client: TestClient, status: int, headers: dict[str, str], body: bytes
) -> None:
    form = headers["content-type"] if headers.get("content-type") in FORMS else JSON["content-type"]
    assert_status(post(client, body, headers), status, form)
    assert admitted_by(app) == []


@pytest.mark.parametrize(
    ("headers", "sent", "kept", "told"),
    [
        (JSON, request([span("n" * 1_807), span("sound")]), 2, "a name is clipped"),
        (JSON, request([span()], ""), 1, "unknown_service"),
        (JSON, request([span(trace_id=b"\0" * 16), span()]), 1, "1 span rejected: a trace id must"),
        (PROTOBUF, request([span(trace_id=b"\0" * 16)]), 0, "1 span rejected: a trace id must"),
        ({**JSON, **BROWSER}, request([span()], "search-backend"), 0, "service.name must be"),
        (
            {**JSON, **BROWSER},
            request([span() for _ in range(513)], FRONTEND_SERVICE),
            512,
            "1 span rejected: the request has more than 512 spans",
        ),
    ],
)
def test_one_span_never_costs_another(
    app: FastAPI,
    client: TestClient,
    headers: dict[str, str],
    sent: ExportTraceServiceRequest,
    kept: int,
    told: str,
) -> None:
    spans = sum(len(ss.spans) for rs in sent.resource_spans for ss in rs.scope_spans)
    body = sent.SerializeToString() if headers is PROTOBUF else to_json(sent)
    response = post(client, body, headers)
    assert response.status_code == 200
    if headers is PROTOBUF:
        partial = ExportTraceServiceResponse.FromString(response.content).partial_success
        rejected, message = partial.rejected_spans, partial.error_message
    else:
        partial = response.json()["partialSuccess"]
        rejected, message = int(partial.get("rejectedSpans", 0)), partial["errorMessage"]
    assert told in message
    admitted = sum(len(ss.spans) for rs in admitted_by(app) for ss in rs.scope_spans)
    assert (admitted, rejected) == (kept, spans - kept)


def test_what_the_store_drops_is_told(app: FastAPI, client: TestClient) -> None:
    admitted_by(app).added = Added(1, dropped=2, conflicting=3)
    partial = post(client, to_json(request([span() for _ in range(6)])), JSON).json()[
        "partialSuccess"
    ]
    assert partial == {
        "rejectedSpans": "5",
        "errorMessage": "2 spans rejected: the trace is full; "
        "3 spans rejected: the trace has another span with this id",
    }


@pytest.mark.parametrize("form", ["application/json", "application/x-protobuf"])
@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/v1/nope", 404, Code.NOT_FOUND),
        ("GET", "/v1/traces", 405, Code.UNIMPLEMENTED),
        ("PUT", "/v1/traces", 405, Code.UNIMPLEMENTED),
        ("POST", "/v1/traces?" + "a" * 33_000, 414, Code.INVALID_ARGUMENT),
        ("POST", "/v1/traces", 400, Code.INVALID_ARGUMENT),
    ],
)
def test_errors_have_the_form_of_the_request(
    shared_client: TestClient, form: str, method: str, path: str, status: int, code: int
) -> None:
    headers = {"content-type": form + ("; charset=utf-8" if "json" in form else "")}
    response = shared_client.request(method, path, headers=headers, content=b"{")
    assert assert_status(response, status, form).code == code


def test_an_error_of_no_known_form_is_json(shared_client: TestClient) -> None:
    for headers in ({"content-type": "text/html", "accept": "text/html"}, {}):
        assert_status(shared_client.post("/v1/nope", headers=headers), 404)
        assert_status(shared_client.post("/v1/traces", headers=headers), 415)
    strange = shared_client.post("/v1/traces", headers={"host": "evil.example"})
    assert assert_status(strange, 421).message.startswith("This server")


def test_a_defect_is_told_in_the_same_form(app: FastAPI, client: TestClient) -> None:
    admitted_by(app).error = RuntimeError("a secret")
    body = request([span()]).SerializeToString()
    answer = assert_status(post(client, body, PROTOBUF), 500, PROTOBUF["content-type"])
    assert (answer.code, answer.message) == (Code.INTERNAL, "The log has the details.")


ORIGIN = "http://localhost:5173"
OWN = {"origin": LOCAL, "sec-fetch-site": "same-origin"}
ELSEWHERE = {"origin": ORIGIN, "sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}


@pytest.fixture
def development(settings: Settings) -> Iterator[TestClient]:
    """A whole app whose setting names an origin, and which exports to an endpoint."""
    named = settings.model_copy(
        update={"otlp_allowed_origins": f"https://dev.example, {ORIGIN.upper()}"}
    )
    backend = Backend.open(named)
    with client_of(backend) as client:
        yield client


def test_a_development_may_send_spans_of_any_service(
    development: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = running_of(development.app).backend
    passed_on: list[object] = []
    monkeypatch.setattr(type(backend.tracing), "forward", lambda _, spans: passed_on.append(spans))
    preflight = development.options(
        "/v1/traces",
        headers={**ELSEWHERE, "access-control-request-method": "POST"},
    )
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight.headers["access-control-allow-methods"] == "POST"
    assert "content-type" in preflight.headers["access-control-allow-headers"].lower()
    sent = request([span(trace_id=b"d" * 16)], "my-page")
    sent.resource_spans.extend(request([span(trace_id=b"d" * 16)], FRONTEND_SERVICE).resource_spans)
    response = post(development, to_json(sent), JSON, ELSEWHERE)
    assert (response.status_code, response.json()) == (200, {})
    for answer in (preflight, response):
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "Origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers
    assert backend.trace_store is not None
    trace = backend.trace_store.trace(b"d" * 16)
    assert trace is not None
    assert trace.span_count == 2
    assert passed_on == []
    post(development, to_json(request([span()], FRONTEND_SERVICE)), JSON, OWN).raise_for_status()
    assert len(passed_on) == 1


def test_a_development_reads_its_errors(development: TestClient) -> None:
    for path, body, status in (("/v1/traces", b"{", 400), ("/v1/nope", b"{}", 404)):
        response = development.post(path, content=body, headers={**JSON, **ELSEWHERE})
        assert_status(response, status)
        assert response.headers["access-control-allow-origin"] == ORIGIN
    large = post(development, b" " * (256 * 1024 + 1), JSON, ELSEWHERE)
    assert_status(large, 413)
    assert large.headers["access-control-allow-origin"] == ORIGIN


def test_a_development_needs_a_store(
    development: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = running_of(development.app).backend
    monkeypatch.setattr(type(backend), "takes_page_spans_only", True)
    assert_status(post(development, b"{}", JSON, ELSEWHERE), 403)


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:5174",
        "https://localhost:5173",
        "http://localhost:5173.evil.example",
        "http://LOCALHOST:5173",
        "null",
        "*",
    ],
)
def test_other_origins_are_refused_as_ever(development: TestClient, origin: str) -> None:
    headers = {**ELSEWHERE, "origin": origin}
    for answer in (
        post(development, b"{}", JSON, headers),
        development.options(
            "/v1/traces", headers={**headers, "access-control-request-method": "POST"}
        ),
    ):
        assert_status(answer, 403)
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/search"), ("DELETE", "/v1/traces"), ("OPTIONS", "/books")]
)
def test_a_development_may_do_nothing_else(development: TestClient, method: str, path: str) -> None:
    response = development.request(
        method, path, headers={**ELSEWHERE, "access-control-request-method": "POST"}
    )
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers
    read = development.get("/books", headers=ELSEWHERE)
    assert "access-control-allow-origin" not in read.headers


def test_two_origins_are_none(development: TestClient) -> None:
    headers = [*JSON.items(), ("origin", ORIGIN), ("origin", ORIGIN)]
    assert development.post("/v1/traces", content=b"{}", headers=headers).status_code == 403


def test_the_origins_of_the_setting() -> None:
    assert otlp_cors.origins_of(None) == frozenset()
    assert otlp_cors.origins_of("http://A:1, https://b,") == {"http://a:1", "https://b"}


def test_a_body_without_a_length_is_cut_off(client: TestClient) -> None:
    taken = 0

    def body() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield b" " * 65_536

    response = client.post("/v1/traces", content=body(), headers={**JSON, **BROWSER})
    assert_status(response, 413)


def test_the_door_that_leads_out_takes_the_page_alone(app: FastAPI, client: TestClient) -> None:
    running_of(app).backend.takes_page_spans_only = True  # type: ignore[misc]
    for service in ("collector", FRONTEND_SERVICE):
        assert_status(post(client, to_json(request([span()], service)), JSON), 403)
    page = to_json(request([span()], FRONTEND_SERVICE))
    assert post(client, page, JSON, BROWSER).status_code == 200


def test_who_sent_the_spans_is_told(app: FastAPI, client: TestClient) -> None:
    page = to_json(request([span()], FRONTEND_SERVICE))
    post(client, page, JSON).raise_for_status()
    assert admitted_by(app).from_page is False
    post(client, page, JSON, BROWSER).raise_for_status()
    assert admitted_by(app).from_page is True


def test_too_many_requests(app: FastAPI, client: TestClient) -> None:
    running_of(app).span_rate = TokenBucket(rate=0.1, burst=2)
    statuses = [post(client, b"{}", JSON).status_code for _ in range(2)]
    assert statuses == [200, 200]
    response = post(client, b"{}", JSON)
    assert_status(response, 429)
    assert response.headers["retry-after"] == "10"


def test_a_store_that_fails(app: FastAPI, client: TestClient) -> None:
    admitted_by(app).error = StoreError("/secret/path is full")
    response = post(client, to_json(request([span()])), JSON)
    assert "secret" not in assert_status(response, 503).message
    assert response.headers["retry-after"] == "5"
    admitted_by(app).error = None
    assert post(client, to_json(request([span()])), JSON).status_code == 200


def test_bodies_that_wait_are_bounded(
    app: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Settings.model_construct(otlp_max_bytes=100)
    monkeypatch.setattr(running_of(app).backend, "settings", small)
    monkeypatch.setattr(otlp_body._waiting, "bytes", 150)
    response = post(client, b" " * 51, JSON)
    assert_status(response, 503)
    assert response.headers["retry-after"]
    assert otlp_body._waiting.bytes == 150
    monkeypatch.setattr(otlp_body._waiting, "bytes", 0)
    assert post(client, b"{}", JSON).status_code == 200


def test_a_body_that_never_ends_and_one_that_breaks_off(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(otlp_body, "_BODY_SECONDS", 0.05)

    async def status(last: dict[str, Any] | None) -> int:
        messages = [{"type": "http.request", "body": b"{", "more_body": True}]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            if last is None:
                await anyio.sleep_forever()
            assert last is not None
            return last

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"content-type", b"application/json"), (b"host", b"x")]
        scope = {"type": "http", "method": "POST", "path": "/v1/traces", "query_string": b""}
        await app({**scope, "headers": headers}, receive, send)
        found = sent[0]["status"]
        assert isinstance(found, int)
        return found

    assert anyio.run(status, None) == 408
    assert anyio.run(status, {"type": "http.disconnect"}) == 400
    assert otlp_body._waiting.bytes == 0


@settings(max_examples=share_of(600), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=100)
    | st.text(alphabet='{}[]":,0', max_size=20).map(str.encode)
    | st.sampled_from([b"{}", to_json(request([span(start_ns=time.time_ns() - SECOND)]))]),
    headers=st.fixed_dictionaries(
        {},
        optional={
            "content-type": st.sampled_from(
                [*JSON.values(), *PROTOBUF.values(), "text/plain", ";"]
            ),
            "content-encoding": st.sampled_from(["gzip", "identity", "", "br"]),
            "origin": st.sampled_from(["http://testserver", "null", "http://[", "x"]),
            "sec-fetch-site": st.sampled_from(["same-origin", "cross-site", "none", ""]),
        },
    ),
)
def test_any_request_is_answered(client: TestClient, body: bytes, headers: dict[str, str]) -> None:
    response = post(client, body, headers)
    assert response.status_code == 200 or 400 <= response.status_code < 500


def test_the_description(app: FastAPI) -> None:
    described = app.openapi()["paths"]["/v1/traces"]["post"]
    assert set(described["requestBody"]["content"]) == {*JSON.values(), *PROTOBUF.values()}
    assert set(described["responses"]) >= {"200", "400", "403", "413", "415", "429", "503"}
    assert set(described["responses"]["200"]["content"]) == {*JSON.values(), *PROTOBUF.values()}
    json.dumps(described)


def test_a_request_is_as_its_sender_meant_it(app: FastAPI, client: TestClient) -> None:
    sent = request([span() for _ in range(50)], "collector")
    copy = ExportTraceServiceRequest.FromString(sent.SerializeToString())
    post(client, sent.SerializeToString(), PROTOBUF)
    assert admitted_by(app) == list(copy.resource_spans)
