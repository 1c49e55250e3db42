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


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\0\0\0\0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET  HTTP/1.1\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http:// HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_is_refused(address: Address, nonsense: bytes) -> None:
    answer = said(address, nonsense)
    assert answer == b"" or 400 <= status(answer) < 500
    assert status(said(address, get(b"/healthz"))) == 200


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


def test_requests_in_a_row_and_in_one_piece_are_answered(address: Address) -> None:
    kept = get(b"/healthz").replace(b"close", b"keep-alive")
    answer = said(address, kept * 50 + get(b"/books"))
    assert answer.count(b"HTTP/1.1 200 OK") == 51
    with socket.create_connection(address, SECONDS) as client:
        for _ in range(8):
            client.sendall(kept)
            assert status(client.recv(65_536)) == 200
            time.sleep(0.1)
