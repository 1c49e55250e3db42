"""Clients that keep the server waiting, at a real server's socket."""

import contextlib
import http.client
import json
import socket
import time
from collections.abc import Iterator

import pytest
import requests
from fastapi.testclient import TestClient
from google.rpc.status_pb2 import Status

from gutenberg_explorer.api import connection, otlp_body
from gutenberg_explorer.api.connection import BoundedConnection
from tests.api.raw import Address, everything, get, said, served, status
from tests.waiting import SECONDS, wait_until

POST = b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def address(shared_client: TestClient) -> Iterator[Address]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(connection, "HEAD_SECONDS", 0.3)
        patched.setattr(connection, "READ_SECONDS", 0.3)
        patched.setattr(connection, "LINGER_SECONDS", 2)
        patched.setattr(otlp_body, "_BODY_SECONDS", 0.3)
        with served(shared_client.app) as found:
            yield found


def trickled(address: Address, head: bytes, drop: bytes) -> bytes:
    """Send `head`, then `drop` again and again; return what is answered. Raises TimeoutError."""
    with socket.create_connection(address) as client:
        client.sendall(head)
        client.settimeout(0.05)
        answer = b""
        for _ in range(80):
            try:
                part = client.recv(65_536)
                if not part:
                    return answer
                answer += part
            except TimeoutError:
                pass
            except ConnectionResetError:
                return answer
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                client.sendall(drop)
    raise TimeoutError


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"G", b""),
        (b"GET /sea", b"r"),
        (b"GET /books HTTP/1.1\r\nHost: localhost\r\nX: ", b"a"),
        (b"GET /books HTTP/1.1\r\n", b"A: b\r\n"),
    ],
    ids=["half a word", "an address", "a header", "headers"],
)
def test_a_head_that_never_ends_is_given_up(address: Address, head: bytes, drop: bytes) -> None:
    answer = trickled(address, head, drop)
    assert status(answer) == 408
    assert b"\r\nconnection: close\r\n" in answer.lower()
    assert b"\r\nx-content-type-options: nosniff\r\n" in answer.lower()


def test_a_connection_that_says_nothing_is_ended(address: Address) -> None:
    assert trickled(address, b"", b"") == b""
    assert trickled(address, b"\r\n", b"\r\n")[:13] in (b"", b"HTTP/1.1 408 ")


def test_line_ends_alone_keep_no_connection(address: Address) -> None:
    kept = get(b"/healthz").replace(b"close", b"keep-alive")
    answer = trickled(address, kept, b"\r\n")
    assert status(answer) == 200


def test_a_body_that_never_ends_is_given_up(address: Address) -> None:
    for head, drop in (
        (POST + b"Content-Length: 1000\r\n\r\n", b" "),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n"),
        (POST + b"Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n", b""),
    ):
        answer = trickled(address, head, drop).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert status(answer) == 408
        assert b"\r\nconnection: close\r\n" in answer.lower()


def test_a_body_that_nobody_asked_for_keeps_no_connection(address: Address) -> None:
    head = b"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
    assert status(trickled(address, head, b" ")) == 405
    head = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
    assert status(trickled(address, head, b" ")) == 200


@pytest.mark.parametrize(
    "parts",
    [
        [b"GET /" + b"a" * 1_000_000],
        [b"GET /books HTTP/1.1\r\nHost: localhost\r\nX: ", b"a" * 1_000_000],
        [b"GET /books HTTP/1.1\r\nHost: localhost\r\n", b"A: b\r\n" * 100_000],
        [POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n" * 100_000],
        [POST + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a" * 1_000_000],
    ],
    ids=["address", "header", "headers", "trailers", "chunk"],
)
def test_a_large_head_is_cut_off(
    address: Address, parts: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What ends it is its size: there is time enough for all of it.
    monkeypatch.setattr(connection, "HEAD_SECONDS", 10 * SECONDS)
    monkeypatch.setattr(otlp_body, "_BODY_SECONDS", 10 * SECONDS)
    answer = said(address, *parts)
    # A client that still sends may lose the answer to the end of its connection.
    assert answer == b"" or status(answer) in (400, 431)


def test_a_body_that_is_announced_too_large_is_not_read(address: Address) -> None:
    answer = trickled(address, POST + b"Content-Length: 99999999999\r\n\r\n", b"")
    assert status(answer) == 413


LARGE = 30_000_000


def trickle(client: socket.socket) -> None:
    for _ in range(100):
        client.sendall(b" ")
        time.sleep(0.02)


def chunked(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)


@pytest.mark.parametrize("kept", [b"", b"Connection: close\r\n"], ids=["kept", "closed"])
@pytest.mark.parametrize("form", ["announced", "chunked"])
def test_a_client_that_still_sends_gets_its_answer(
    address: Address, kept: bytes, form: str
) -> None:
    """It sends all and reads then, as most clients do."""
    with socket.create_connection(address, 10) as client:
        if form == "announced":
            client.sendall(POST + kept + b"Content-Length: %d\r\n\r\n" % LARGE)
            client.sendall(b" " * LARGE)
        else:
            client.sendall(POST + kept + b"Transfer-Encoding: chunked\r\n\r\n")
            for _ in range(30):
                client.sendall(chunked(b" " * (LARGE // 30)))
            client.sendall(b"0\r\n\r\n")
        answer = everything(client)
    assert status(answer) == 413
    assert b'"message"' in answer
    assert answer.count(b"HTTP/1.1") == 1


def test_a_client_that_asks_first_sends_nothing(address: Address) -> None:
    head = POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % LARGE
    answer = said(address, head)
    assert status(answer) == 413
    assert b"100 Continue" not in answer


def test_http_client_gets_its_answer(address: Address) -> None:
    for headers in ({}, {"Connection": "close"}):
        client = http.client.HTTPConnection(*address, timeout=10)
        client.request(
            "POST",
            "/v1/traces",
            b" " * LARGE,
            {"Content-Type": "application/json", "Host": "localhost", **headers},
        )
        with client.getresponse() as response:
            assert response.status == 413
            assert json.load(response)["code"] == 8
        client.close()


def test_requests_gets_its_answer(address: Address) -> None:
    url = f"http://localhost:{address[1]}/v1/traces"
    form = {"Content-Type": "application/x-protobuf"}
    with requests.Session() as session:
        for body in (b" " * LARGE, iter([b" " * 1_000_000] * 30)):
            response = session.post(url, body, headers=form, timeout=10)
            assert response.status_code == 413
            assert response.headers["content-type"] == form["Content-Type"]
            assert Status.FromString(response.content).code == 8
        assert session.post(url, b"", headers=form, timeout=10).status_code == 200


def test_a_body_without_end_is_read_no_further_than_a_bound(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MAX_LINGER_BYTES", 1_000_000)
    sent = 0
    with socket.create_connection(address, 10) as client:
        client.sendall(POST + b"Content-Length: 99999999999\r\n\r\n")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(1_000):
                client.sendall(b" " * 100_000)
                sent += 100_000
    assert 1_000_000 < sent < 50_000_000


def test_a_body_that_trickles_after_its_answer_is_given_up(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LINGER_SECONDS", 0.3)
    with socket.create_connection(address, 10) as client:
        client.sendall(POST + b"Content-Length: 99999999999\r\n\r\n")
        assert status(everything(client)) == 413
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            trickle(client)


HOST = b"Host: localhost"
CHUNKED = b"Transfer-Encoding: chunked"
BODY = b"2\r\n{}\r\n0\r\n\r\n"


def asked(
    *headers: bytes,
    method: bytes = b"GET",
    path: bytes = b"/books",
    version: bytes = b"HTTP/1.1",
    body: bytes = b"",
) -> bytes:
    """Return a request as it stands, on a connection that is kept."""
    lines = [b" ".join([method, path, version]), *headers]
    return b"\r\n".join([*lines, b"", body])


def assert_refused(address: Address, request: bytes, statuses: tuple[int, ...] = (400,)) -> None:
    """Check that something is answered once, as every error is, and ends the connection."""
    answer = said(address, request)
    assert status(answer) in statuses
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"\r\nconnection: close\r\n" in answer.lower()
    assert b"\r\nx-content-type-options: nosniff\r\n" in answer.lower()
    head, _, body = answer.partition(b"\r\n\r\n")
    document = json.loads(body)
    if b" /v1/" in request:
        assert set(document) == {"code", "message"}
    else:
        assert b"application/problem+json" in head
        assert document["status"] == status(answer)
    assert status(said(address, get(b"/healthz"))) == 200


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\0\0\0\0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET  HTTP/1.1\r\n\r\n",
        b"GET /books\r\n\r\n",
        b"GET /books HTTP/1.1\nHost: localhost\n\n",
        b"GET /books HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n",
        b"GET /books HTTP/1.1\r\n X: y\r\nHost: localhost\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        asked(HOST, path=b"/\xff\xfe"),
        asked(HOST, path=b"/a\0b"),
        asked(HOST, path=b"/a\x01b"),
        asked(HOST, path=b"http://"),
        asked(HOST, path=b"localhost:80", method=b"CONNECT"),
        asked(HOST, method=b"get"),
        asked(HOST, version=b"HTTP/0.9"),
        asked(HOST, version=b"HTTP/1.2"),
        asked(HOST, version=b"HTTP/2.0"),
        asked(HOST, version=b"HTTP/9.9"),
        asked(),
        asked(HOST, HOST),
        asked(HOST, b"X: a\0b"),
        asked(HOST, b"X: a\x01b"),
        asked(HOST, b"X: a\x7fb"),
        asked(HOST, b"X: a\rb"),
        asked(HOST, b"X: a\r\n b"),
        asked(HOST, b"X\0: a"),
        asked(HOST, b"X y: a"),
        asked(HOST, b"X : a"),
        asked(HOST, b"Xa"),
        asked(HOST, b": a"),
    ],
)
def test_what_is_no_http_is_refused(address: Address, nonsense: bytes) -> None:
    assert_refused(address, nonsense)


TARGETS = [
    (b"GET", b"/books"),
    (b"GET", b"/search?q=love"),
    (b"GET", b"/healthz"),
    (b"POST", b"/v1/traces"),
    (b"POST", b"/nowhere"),
]


@pytest.mark.parametrize(("method", "path"), TARGETS, ids=lambda part: part.decode())
@pytest.mark.parametrize(
    "headers",
    [
        [b"Content-Length: 2", b"Content-Length: 2"],
        [b"Content-Length: 2", b"Content-Length: 3"],
        [b"Content-Length: 2, 2"],
        [b"Content-Length: +2"],
        [b"Content-Length: -1"],
        [b"Content-Length: 0x2"],
        [b"Content-Length:"],
        [b"Content-Length: 99999999999999999999999"],
        [b"Content-Length: 2", CHUNKED],
        [CHUNKED, b"Content-Length: 2"],
        [CHUNKED, CHUNKED],
        [b"Transfer-Encoding: chunked, chunked"],
        [b"Transfer-Encoding: gzip"],
        [b"Transfer-Encoding: gzip, chunked"],
        [b"Transfer-Encoding: chunked, gzip"],
        [b"Transfer-Encoding: identity"],
        [b"Transfer-Encoding: xchunked"],
        [b"Transfer-Encoding:"],
        [b"Transfer-Encoding : chunked"],
        [b"Transfer-Encoding: \x0bchunked"],
        [b"Transfer-Encoding:\r\n chunked"],
    ],
    ids=repr,
)
def test_a_body_whose_end_is_a_matter_of_opinion_is_refused(
    address: Address, method: bytes, path: bytes, headers: list[bytes]
) -> None:
    """A proxy in front might see its end elsewhere, and another request behind it."""
    assert_refused(address, asked(HOST, *headers, method=method, path=path, body=BODY))


def test_chunks_are_no_part_of_http_1_0(address: Address) -> None:
    assert_refused(address, asked(HOST, CHUNKED, version=b"HTTP/1.0", body=BODY))


@pytest.mark.parametrize(("method", "path"), TARGETS, ids=lambda part: part.decode())
@pytest.mark.parametrize(
    "chunks",
    [
        b"zz\r\n{}\r\n0\r\n\r\n",
        b"-1\r\n{}\r\n0\r\n\r\n",
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b"\r\n{}\r\n0\r\n\r\n",
        b"2 \r\n{}\r\n0\r\n\r\n",
        b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        b"1\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}0\r\n\r\n",
        b"2\n{}\n0\n\n",
        b"2;a\nb\r\n{}\r\n0\r\n\r\n",
        b"2;" + b"a" * 100_000 + b"\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}\r\n0\r\nno trailer\r\n\r\n",
    ],
    ids=lambda chunks: repr(chunks[:30]),
)
def test_a_broken_chunk_is_refused(
    address: Address, method: bytes, path: bytes, chunks: bytes
) -> None:
    request = asked(HOST, CHUNKED, method=method, path=path, body=chunks)
    assert_refused(address, request, (400, 431))


def test_a_broken_chunk_that_comes_later_is_refused(address: Address) -> None:
    with socket.create_connection(address, SECONDS) as client:
        client.sendall(POST + CHUNKED + b"\r\n\r\n2\r\n{}\r\n")
        time.sleep(0.05)
        client.sendall(b"zz\r\n")
        answer = everything(client)
    assert status(answer) == 400
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == 3


def test_what_comes_before_nonsense_is_answered(address: Address) -> None:
    answer = said(address, asked(HOST, path=b"/healthz") * 3 + b"NONSENSE\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == answer.count(b"HTTP/1.1 ") == 3


def test_an_absolute_address_names_the_host(address: Address) -> None:
    for host, path, expected in (
        (b"localhost", b"http://localhost/healthz", 200),
        (b"localhost", b"http://evil.example/books", 421),
        (b"evil.example", b"http://localhost/books", 200),
    ):
        request = asked(b"Host: " + host, b"Connection: close", path=path)
        assert status(said(address, request)) == expected


def test_another_protocol_is_answered_in_this_one_and_nothing_is_hidden_behind(
    address: Address,
) -> None:
    wish = [b"Connection: upgrade, http2-settings", b"HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"]
    for protocol in (b"h2c", b"websocket"):
        request = asked(HOST, *wish, b"Upgrade: " + protocol, path=b"/healthz")
        answer = said(address, request + asked(HOST))
        assert answer.count(b"HTTP/1.1 ") == 1
        assert status(answer) == 200
        assert b"\r\nconnection: close\r\n" in answer.lower()


def test_an_answer_that_nobody_reads_is_given_up(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[tuple[str, int] | None] = []
    lose = BoundedConnection.connection_lost

    def lost(ending: BoundedConnection, error: Exception | None) -> None:
        ended.append(ending.client)
        lose(ending, error)

    monkeypatch.setattr(BoundedConnection, "connection_lost", lost)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.connect(address)
        ask = get(b"/openapi.json").replace(b"close", b"keep-alive")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
            client.settimeout(1)
            for _ in range(3_000):
                client.sendall(ask)
        wait_until(lambda: client.getsockname() in ended)
        client.settimeout(SECONDS)
        assert len(everything(client)) < 3_000_000


def test_connections_held_open_keep_nobody_out(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 60)
    monkeypatch.setattr(connection, "MAX_CONNECTIONS", 20)
    with contextlib.ExitStack() as held:
        silent = [
            held.enter_context(socket.create_connection(address, SECONDS)) for _ in range(100)
        ]
        for client in silent[-10:]:
            client.sendall(b"GET /books HTTP/1.1\r\n")
        for _ in range(10):
            assert status(said(address, get(b"/books"))) == 200
        ended = 0
        for client in silent:
            client.settimeout(0.01)
            with contextlib.suppress(TimeoutError):
                ended += everything(client) == b""
        assert ended >= 80


def test_requests_in_a_row_and_in_one_piece_are_answered(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Together the pauses are longer than this; a busy machine makes no single one as long.
    monkeypatch.setattr(connection, "HEAD_SECONDS", 3)
    kept = get(b"/healthz").replace(b"close", b"keep-alive")
    answer = said(address, kept * 50 + get(b"/books"))
    assert answer.count(b"HTTP/1.1 200 OK") == 51
    with socket.create_connection(address, SECONDS) as client:
        for _ in range(8):
            client.sendall(kept)
            assert status(client.recv(65_536)) == 200
            time.sleep(0.5)
