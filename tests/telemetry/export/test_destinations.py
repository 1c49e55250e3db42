"""Spans to an endpoint that takes them, refuses them, is slow, broken, or not there at all."""

import gzip
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from gutenberg_explorer.telemetry.export import destinations
from gutenberg_explorer.telemetry.export.batch import Batcher, BatchSettings, Forwarded
from gutenberg_explorer.telemetry.export.destinations import OtlpDestination
from gutenberg_explorer.telemetry.export.endpoint import OtlpEndpoint
from gutenberg_explorer.telemetry.export.stats import ExportStats
from tests.telemetry.export.test_batch import span
from tests.waiting import SECONDS, wait_until

Reply = tuple[int, dict[str, str], bytes]
OK: Reply = (200, {}, ExportTraceServiceResponse().SerializeToString())


@dataclass
class Endpoint:
    """An endpoint whose answers are told beforehand; after the last it takes everything."""

    replies: list[Reply | Callable[[], Reply]]
    url: str = ""
    headers: list[Mapping[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def span_ids(self) -> list[int]:
        """The ids of the spans in each request that was taken or not, in their order."""
        return [
            int.from_bytes(found.span_id)
            for body in self.bodies
            for group in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in group.scope_spans
            for found in scope.spans
        ]


@contextmanager
def endpoint(
    *replies: Reply | Callable[[], Reply], tls: ssl.SSLContext | None = None
) -> Iterator[Endpoint]:
    opened = Endpoint(list(replies))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            opened.headers.append(dict(self.headers))
            opened.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            reply = opened.replies.pop(0) if opened.replies else OK
            status, headers, body = reply() if callable(reply) else reply
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    opened.url = f"{'https' if tls else 'http'}://localhost:{server.server_port}"
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    try:
        yield opened
    finally:
        server.shutdown()
        server.server_close()
        running.join()


@contextmanager
def sending(url: str, **variables: str) -> Iterator[Batcher]:
    """Give a queue in front of the endpoint at an address."""
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": url} | {
        f"OTEL_EXPORTER_OTLP_{name}": value for name, value in variables.items()
    }
    destination = OtlpDestination(OtlpEndpoint(environ), {"service.name": "test"}, "1.2.3")
    batcher = Batcher(destination, ExportStats(), BatchSettings(100, 10, 0.01))
    try:
        yield batcher
    finally:
        batcher.shutdown(0.5)


class Waits(threading.Event):
    """Stands in for a queue's `stopping`: keeps how long is waited before each new attempt (s)."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout)
        return super().wait(0)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(destinations, "_FIRST_WAIT", 0.05)


def test_spans_of_this_process_and_of_others_are_one_request() -> None:
    page = ResourceSpans(scope_spans=[ScopeSpans(spans=[Span(span_id=b"\0" * 7 + b"\7", flags=1)])])
    with endpoint() as opened, sending(opened.url, HEADERS="x-key=abc%20d") as queue:
        queue.put(span(1))
        queue.forward(Forwarded(page.SerializeToString(), 1))
        wait_until(lambda: queue.stats.exported == 2)
    assert sorted(opened.span_ids) == [1, 7]
    assert opened.headers[0]["x-key"] == "abc d"
    assert opened.headers[0]["Content-Type"] == "application/x-protobuf"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_may_be_sent_again_is(status: int, caplog: pytest.LogCaptureFixture) -> None:
    refusal: Reply = (status, {}, b"no")
    with endpoint(refusal, refusal) as opened, sending(opened.url) as queue:
        queue.put(span(1))
        wait_until(lambda: queue.stats.exported == 1)
    assert opened.span_ids == [1, 1, 1]
    assert opened.bodies[0] == opened.bodies[2]
    assert not queue.stats.dropped
    assert caplog.messages == [f"The OTLP endpoint does not accept spans: status {status}"]


def test_it_is_waited_for_as_long_as_the_endpoint_asks() -> None:
    with (
        endpoint((429, {"Retry-After": "1"}, b"")) as opened,
        sending(opened.url) as queue,
    ):
        queue.stopping = waits = Waits()
        queue.put(span(1))
        wait_until(lambda: queue.stats.exported == 1)
    assert waits.seconds == [1.0]
    assert opened.span_ids == [1, 1]


def test_waits_grow_where_the_endpoint_asks_for_none() -> None:
    refusal: Reply = (503, {}, b"")
    with endpoint(*[refusal] * 9) as opened, sending(opened.url) as queue:
        queue.stopping = waits = Waits()
        queue.put(span(1))
        wait_until(lambda: queue.stats.exported == 1)
    expected = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    assert waits.seconds == [pytest.approx(seconds, rel=0.21) for seconds in expected]


@pytest.mark.parametrize("status", [400, 401, 404, 413, 500, 301])
def test_what_must_not_be_sent_again_is_dropped(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    refusal: Reply = (status, {"Location": "http://127.0.0.1:9/"}, b"\xff\xfe no")
    with endpoint(refusal) as opened, sending(opened.url) as queue:
        queue.put(span(1))
        wait_until(lambda: queue.stats.dropped == {"rejected": 1})
        queue.put(span(2))
        wait_until(lambda: queue.stats.exported == 1)
    assert opened.span_ids == [1, 2]
    assert caplog.messages[0] == f"The OTLP endpoint does not accept spans: status {status}"


def test_a_partial_success_is_counted_and_not_sent_again(caplog: pytest.LogCaptureFixture) -> None:
    partial = ExportTraceServiceResponse()
    partial.partial_success.rejected_spans = 1
    partial.partial_success.error_message = "too old"
    with endpoint((200, {}, partial.SerializeToString())) as opened, sending(opened.url) as queue:
        queue.put(span(1))
        queue.put(span(2))
        wait_until(lambda: queue.stats.exported == 1)
    assert len(opened.bodies) == 1
    assert queue.stats.dropped == {"rejected": 1}
    assert "1 of 2 rejected (too old)" in caplog.text


def test_an_answer_without_end_or_sense_is_taken_for_what_its_status_says() -> None:
    long: Reply = (200, {}, b"\xff" * 5_000_000)
    with endpoint(long) as opened, sending(opened.url) as queue:
        queue.put(span(1))
        wait_until(lambda: queue.stats.exported == 1)
    assert len(opened.bodies) == 1


def test_an_endpoint_that_does_not_answer_costs_its_timeout_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stuck = threading.Event()
    timeouts: list[float] = []
    post = requests.Session.post

    def recorded(*arguments: Any, timeout: float, **named: Any) -> requests.Response:
        timeouts.append(timeout)
        return post(*arguments, timeout=timeout, **named)

    monkeypatch.setattr(requests.Session, "post", recorded)

    def never() -> Reply:
        assert stuck.wait(SECONDS)
        return OK

    with endpoint(never) as opened, sending(opened.url, TIMEOUT="0.2") as queue:
        queue.put(span(1))
        wait_until(lambda: queue.stats.exported == 1)  # while the first request is unanswered
        stuck.set()
    assert opened.span_ids == [1, 1]
    assert timeouts == [0.2, 0.2]


def test_an_endpoint_that_comes_back_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with sending(f"http://127.0.0.1:{port}") as queue:
        attempts: list[bool] = []
        queue.stats.on_export = lambda _, succeeded: attempts.append(succeeded)
        for number in range(5):
            queue.put(span(number))
        wait_until(lambda: len(attempts) >= 2)
        assert not any(attempts)
        assert queue.stats.exported == 0
        with socket.create_server(("127.0.0.1", port)) as back:
            connection, _ = back.accept()
            with connection:
                connection.settimeout(SECONDS)
                while b"\r\n\r\n" not in connection.recv(65_536):
                    pass
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                wait_until(lambda: queue.stats.exported == 5)
    assert not queue.stats.dropped


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://nowhere.invalid:4318", "http://[::"])
def test_an_end_with_nobody_there_drops_what_waits(url: str) -> None:
    with sending(url) as queue:
        attempts: list[bool] = []
        queue.stats.on_export = lambda _, succeeded: attempts.append(succeeded)
        queue.put(span(1))
        queue.shutdown(SECONDS)
    # One may have been under way; after it there is one more, and no waiting.
    assert attempts in ([False], [False, False])
    assert queue.stats.dropped == {"unreachable": 1}


def test_tls_is_spoken_to_whom_the_authority_vouches_for(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(trusted))
    with endpoint(tls=context) as opened:
        with sending(opened.url, CERTIFICATE=str(trusted)) as queue:
            queue.put(span(1))
            wait_until(lambda: queue.stats.exported == 1)
        with sending(opened.url) as queue:
            attempts: list[bool] = []
            queue.stats.on_export = lambda _, succeeded: attempts.append(succeeded)
            queue.put(span(2))
            wait_until(lambda: len(attempts) == 2)
        assert not any(attempts)
    assert opened.span_ids == [1]


def test_requests_are_compressed_where_it_is_asked_for() -> None:
    with endpoint() as opened, sending(opened.url, COMPRESSION="gzip") as queue:
        queue.put(span(1))
        wait_until(lambda: queue.stats.exported == 1)
    assert opened.headers[0]["Content-Encoding"] == "gzip"
    assert ExportTraceServiceRequest.FromString(gzip.decompress(opened.bodies[0])).resource_spans


def test_an_endpoint_of_traces_alone_is_taken_as_it_stands() -> None:
    environ = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://all:4318",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://traces:1/here",
        "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "1500",
    }
    found = OtlpEndpoint(environ)
    assert (found.url, found.timeout) == ("http://traces:1/here", 1.5)
    assert (
        OtlpEndpoint({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:1/"}).url == "http://a:1/v1/traces"
    )


def test_what_can_not_be_is_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = OtlpEndpoint(
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://all:4318",
                "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
                "OTEL_EXPORTER_OTLP_TIMEOUT": "soon",
            }
        )
    assert found.timeout == 10
    assert caplog.messages == [
        "The OTLP protocol grpc is not supported: using http/protobuf.",
        "OTEL_EXPORTER_OTLP_TIMEOUT=soon is not a number: using 10 s.",
    ]


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("86400", 60.0), ("soon", None)])
def test_an_endpoint_is_waited_for_a_minute_at_most(asked: str, waited: float | None) -> None:
    with endpoint((503, {"Retry-After": asked}, b"")) as opened:
        answer = OtlpEndpoint({"OTEL_EXPORTER_OTLP_ENDPOINT": opened.url}).send(b"")
    assert (answer.status, answer.retry_after) == (503, waited)
