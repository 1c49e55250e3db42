import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from gutenberg_explorer.telemetry import TracingMiddleware, span
from tests.telemetry.recording import Recorder, attributes, recording

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
PARENT_ID = "b7ad6b7169203331"


def _search(request: Request) -> PlainTextResponse:
    with span("search_api"):
        return PlainTextResponse("ok", int(request.query_params.get("status", "200")))


def _crash(request: Request) -> PlainTextResponse:
    raise RuntimeError("crash")


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with recording() as opened:
        yield opened


@pytest.fixture
def client() -> TestClient:
    app = Starlette(
        routes=[
            Route("/search", _search),
            Route("/search/crash", _crash),
            Route("/health", _search),
        ]
    )
    app.add_middleware(TracingMiddleware, traced=["/search"])
    return TestClient(app, raise_server_exceptions=False)


def test_a_request_is_a_server_span(client: TestClient, recorder: Recorder) -> None:
    client.get("/search?q=secret", headers={"user-agent": "test"})
    assert recorder.tree() == [["GET /search", [["search_api", []]]]]
    server = recorder.spans[0]
    assert server.kind == Span.SPAN_KIND_SERVER
    assert server.status.code == Status.STATUS_CODE_UNSET
    assert attributes(server) == {
        "http.request.method": "GET",
        "url.path": "/search",
        "url.scheme": "http",
        "network.protocol.version": "1.1",
        "server.address": "testserver",
        "server.port": 80,
        "client.address": "testclient",
        "user_agent.original": "test",
        "http.route": "/search",
        "http.response.status_code": 200,
    }


def test_it_joins_the_trace_of_its_caller(client: TestClient, recorder: Recorder) -> None:
    response = client.get("/search", headers={"traceparent": f"00-{TRACE_ID}-{PARENT_ID}-01"})
    server = recorder.spans[0]
    assert server.trace_id.hex() == TRACE_ID
    assert server.parent_span_id.hex() == PARENT_ID
    assert response.headers["traceresponse"] == f"00-{TRACE_ID}-{server.span_id.hex()}-01"


@pytest.mark.parametrize("bad", ["", "garbage", f"00-{'0' * 32}-{PARENT_ID}-01", "00-é"])
def test_a_bad_traceparent_begins_a_new_trace(
    client: TestClient, recorder: Recorder, bad: str
) -> None:
    assert client.get("/search", headers={b"traceparent": bad.encode()}).status_code == 200
    server = recorder.spans[0]
    assert not server.parent_span_id
    assert server.trace_id.hex() == f"{1:032x}"


def test_the_callers_decision_not_to_sample_is_respected(
    client: TestClient, recorder: Recorder
) -> None:
    response = client.get("/search", headers={"traceparent": f"00-{TRACE_ID}-{PARENT_ID}-00"})
    assert response.headers["traceresponse"].startswith(f"00-{TRACE_ID}-")
    assert recorder.spans == []


@pytest.mark.parametrize(("status", "is_error"), [(404, False), (500, True), (503, True)])
def test_only_server_errors_are_errors(
    client: TestClient, recorder: Recorder, status: int, is_error: bool
) -> None:
    client.get(f"/search?status={status}")
    server = recorder.spans[0]
    assert (server.status.code == Status.STATUS_CODE_ERROR) is is_error
    assert attributes(server).get("error.type") == (str(status) if is_error else None)


def test_a_crash_is_an_error_of_its_own_type(client: TestClient, recorder: Recorder) -> None:
    assert client.get("/search/crash").status_code == 500
    (server,) = recorder.spans
    assert attributes(server)["error.type"] == "RuntimeError"
    assert attributes(server)["http.response.status_code"] == 500
    assert server.status.code == Status.STATUS_CODE_ERROR


def test_an_unknown_method_has_a_name_of_its_own(client: TestClient, recorder: Recorder) -> None:
    client.request("BREW", "/search")
    (server,) = recorder.spans
    assert server.name == "HTTP /search"
    assert attributes(server)["http.request.method"] == "_OTHER"


def test_what_is_not_traced_has_no_server_span(client: TestClient, recorder: Recorder) -> None:
    response = client.get("/health")
    assert "traceresponse" not in response.headers
    assert recorder.tree() == [["search_api", []]]
    assert "traceresponse" not in client.get("/searching").headers


@pytest.mark.parametrize("hangs_up", [True, False])
def test_a_caller_that_hangs_up_leaves_a_finished_span(recorder: Recorder, hangs_up: bool) -> None:
    arrived, goes_on = threading.Event(), threading.Event()

    def slow(request: Request) -> PlainTextResponse:
        with span("search_api"):
            arrived.set()
            goes_on.wait(10)
        return PlainTextResponse("ok")

    app = Starlette(routes=[Route("/search", slow)])
    app.add_middleware(TracingMiddleware, traced=["/search"])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        running.start()
        with socket.create_connection(listening.getsockname()) as caller:
            caller.sendall(b"GET /search HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert arrived.wait(10)
            if hangs_up:
                caller.close()
                time.sleep(0.2)  # what a search may take longer than the news of it
            goes_on.set()
            if not hangs_up:
                assert caller.recv(1000).startswith(b"HTTP/1.1 200")
        server.should_exit = True
        running.join()
    assert recorder.tree() == [["GET /search", [["search_api", []]]]]
    found = recorder.spans[0]
    assert found.end_time_unix_nano > found.start_time_unix_nano
    assert attributes(found)["http.response.status_code"] == (499 if hangs_up else 200)
    assert found.status.code == Status.STATUS_CODE_UNSET
