"""Searches wait for a thread: those of clients that have gone are dropped, too many are refused."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from gutenberg_explorer.api.search_queue import MAX_WAITING, RETRY_AFTER, THREADS
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.search import Budget, SearchRequest, SearchResult
from gutenberg_explorer.search.local import bm25
from tests.api.part_of_backend import running_of
from tests.api.raw import Address, get, said, served, status
from tests.waiting import SECONDS, wait_until

SEARCH, IN_BOOK = b"/search?q=love&method=bm25", b"/books/whale/search?q=love"


@dataclass
class Held:
    """Searches that do not go on until they are let, and how many have begun and gone on."""

    may_go_on: threading.Event = field(default_factory=threading.Event)
    begun: list[str] = field(default_factory=list)
    went_on: list[str] = field(default_factory=list)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Hold each `bm25` search after it has begun."""
    holding = Held()
    search: Callable[..., SearchResult] = bm25.search

    def slow(index: Any, request: SearchRequest, budget: Budget) -> SearchResult:
        holding.begun.append(request.query)
        assert holding.may_go_on.wait(SECONDS)
        found = search(index, request, budget)
        holding.went_on.append(request.query)
        return found

    monkeypatch.setattr(bm25, "search", slow)
    yield holding
    holding.may_go_on.set()


@pytest.fixture
def address(client: TestClient) -> Iterator[Address]:
    with served(client.app) as found:
        yield found


def _asked(address: Address, path: bytes) -> socket.socket:
    client = socket.create_connection(address, SECONDS)
    client.sendall(get(path))
    return client


def _slow(number: int) -> bytes:
    return b"/search?q=slow%d&method=bm25" % number


def _waiting(client: TestClient) -> int:
    assert isinstance(client.app, FastAPI)
    return running_of(client.app).searches.waiting


def test_searches_whose_clients_have_gone_are_not_begun(
    address: Address, client: TestClient, held: Held
) -> None:
    clients = [_asked(address, _slow(number)) for number in range(40)]
    wait_until(lambda: len(held.begun) == THREADS and _waiting(client) == 40 - THREADS)
    for each in clients:
        each.close()
    wait_until(lambda: _waiting(client) == 0)
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(said(address, get(SEARCH))))
    asking.start()
    wait_until(lambda: _waiting(client) == 1)
    held.may_go_on.set()
    asking.join()
    assert status(answers[0]) == 200
    assert held.begun[THREADS:] == ["love"]
    # Those that had begun were stopped at the next step.
    assert held.went_on == ["love"]


def test_one_that_is_still_wanted_is_answered_in_its_turn(
    address: Address, client: TestClient, held: Held
) -> None:
    clients = [_asked(address, _slow(number)) for number in range(6)]
    wait_until(lambda: len(held.begun) == THREADS and _waiting(client) == 6 - THREADS)
    clients[3].close()
    wait_until(lambda: _waiting(client) == 5 - THREADS)
    held.may_go_on.set()
    for number in (0, 1, 2, 4, 5):
        with clients[number] as each:
            assert status(each.recv(65_536)) == 200
    assert sorted(held.begun) == [f"slow{number}" for number in (0, 1, 2, 4, 5)]


@pytest.mark.parametrize("path", [SEARCH, IN_BOOK])
def test_one_too_many_is_told_when_to_come_again(
    address: Address, client: TestClient, held: Held, path: bytes
) -> None:
    clients = [_asked(address, _slow(number)) for number in range(THREADS + MAX_WAITING)]
    wait_until(lambda: len(held.begun) == THREADS and _waiting(client) == MAX_WAITING)
    answer = said(address, get(path))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status(answer) == 503
    assert b"\r\nretry-after: %d\r\n" % RETRY_AFTER in head.lower()
    problem = json.loads(body)
    assert problem["type"] == "/docs#search-busy"
    assert f"{RETRY_AFTER} seconds" in problem["detail"]
    # Those who have gone make room.
    clients.pop().close()
    wait_until(lambda: _waiting(client) < MAX_WAITING)
    clients.append(_asked(address, path))
    wait_until(lambda: _waiting(client) == MAX_WAITING)
    held.may_go_on.set()
    for each in clients:
        with each:
            assert status(each.recv(65_536)) == 200


def test_the_rest_does_not_wait_behind_searches(
    address: Address, client: TestClient, held: Held
) -> None:
    clients = [_asked(address, _slow(number)) for number in range(THREADS + MAX_WAITING)]
    wait_until(lambda: len(held.begun) == THREADS and _waiting(client) == MAX_WAITING)
    for path in (b"/healthz", b"/readyz", b"/books", b"/books/whale/text", b"/api/services"):
        assert status(said(address, get(path))) == 200
    assert status(said(address, get(b"/"))) in (200, 503)  # the page may not be built
    for each in clients:
        each.close()


def test_a_dropped_search_is_recorded_as_one_whose_client_has_gone(
    address: Address, client: TestClient, backend: Backend, held: Held
) -> None:
    clients = [_asked(address, _slow(number)) for number in range(THREADS + 1)]
    wait_until(lambda: len(held.begun) == THREADS and _waiting(client) == 1)
    for each in clients:
        each.close()
    wait_until(lambda: _waiting(client) == 0)
    held.may_go_on.set()
    store = backend.trace_store
    assert store is not None

    def statuses() -> list[int]:
        backend.tracing.flush()
        traces = client.get("/api/traces?service=search-backend&operation=GET%20/search").json()
        tags = [
            s["tags"] for t in traces["data"] for s in t["spans"] if "GET" in s["operationName"]
        ]
        return [
            tag["value"]
            for each in tags
            for tag in each
            if tag["key"] == "http.response.status_code"
        ]

    wait_until(lambda: statuses() == [499] * (THREADS + 1))
