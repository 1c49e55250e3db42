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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from gutenberg_explorer.api import gate, otlp_receiver, problems
from gutenberg_explorer.signals import FRONTEND_SERVICE, StoreError, TokenBucket
from tests.api.part_of_backend import install, part_of_backend, running_of
from tests.signals.otlp.protobuf_json import to_json
from tests.signals.spans import SECOND, request, span, text

PROTOBUF = {"content-type": "application/x-protobuf"}
JSON = {"content-type": "application/json"}
BROWSER = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
RESOURCE = {"service.name": FRONTEND_SERVICE, "service.version": "1.2.3"}


class Admitted(list[ResourceSpans]):
    error: Exception | None = None

    from_page: bool | None = None

    def __call__(self, resource_spans: list[ResourceSpans], *, from_page: bool) -> None:
        if self.error:
            raise self.error
        self.from_page = from_page
        self.extend(resource_spans)


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


def assert_problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == status
    assert isinstance(document, dict)
    return document


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
        assert "are rejected" in partial["errorMessage"]
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
        assert_problem(post(client, sent, {"content-type": "text/plain"}, headers), 403)
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
        (400, JSON, to_json(request([span()], ""))),
        (400, JSON, to_json(request([span(trace_id=b"\0" * 16)]))),
        (400, {**JSON, **BROWSER}, to_json(request([span()], "search-backend"))),
        (400, {**JSON, **BROWSER}, to_json(request([span()] * 513, FRONTEND_SERVICE))),
        (413, {**JSON, **BROWSER}, b"{" + b" " * 256 * 1024),
        (413, JSON, b"{" + b" " * 4 * 1024 * 1024),
        (413, {**JSON, "content-encoding": "gzip"}, gzip.compress(b" " * 9_000_000)),
        (413, {**JSON, **BROWSER, "content-encoding": "gzip"}, gzip.compress(b" " * 1_100_000)),
    ],
)
def test_what_is_refused(
    app: FastAPI, client: TestClient, status: int, headers: dict[str, str], body: bytes
) -> None:
    assert_problem(post(client, body, headers), status)
    assert admitted_by(app) == []


def test_a_body_without_a_length_is_cut_off(client: TestClient) -> None:
    taken = 0

    def body() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield b" " * 65_536

    response = client.post("/v1/traces", content=body(), headers={**JSON, **BROWSER})
    assert_problem(response, 413)


def test_the_door_that_leads_out_takes_the_page_alone(app: FastAPI, client: TestClient) -> None:
    running_of(app).backend.takes_page_spans_only = True  # type: ignore[misc]
    for service in ("collector", FRONTEND_SERVICE):
        assert_problem(post(client, to_json(request([span()], service)), JSON), 403)
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
    assert_problem(response, 429)
    assert response.headers["retry-after"] == "10"


def test_a_store_that_fails(app: FastAPI, client: TestClient) -> None:
    admitted_by(app).error = StoreError("/secret/path is full")
    response = post(client, to_json(request([span()])), JSON)
    assert "secret" not in assert_problem(response, 503)["detail"]
    assert response.headers["retry-after"] == "5"
    admitted_by(app).error = None
    assert post(client, to_json(request([span()])), JSON).status_code == 200


def test_bodies_that_wait_are_bounded(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(otlp_receiver, "_MAX_WAITING_BYTES", 100)
    response = post(client, b" " * 101, JSON)
    assert_problem(response, 503)
    assert response.headers["retry-after"]
    assert otlp_receiver._waiting.bytes == 0
    assert post(client, b"{}", JSON).status_code == 200


def test_a_body_that_never_ends_and_one_that_breaks_off(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(otlp_receiver, "_BODY_SECONDS", 0.05)

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
    assert otlp_receiver._waiting.bytes == 0


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
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
