"""Other services' clients, pointed at the running app: what of their spans arrives, and is shown.

CLIENTS=write writes what was observed to tests/peers/clients/observed.json; `make generate` then
brings the table of docs/clients.md up to date.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from playwright.sync_api import Browser

from tests.browser.conftest import serving, watched
from tests.libraries import IndexedShelf
from tests.peers.clients.recording import Exchange, recording
from tests.peers.clients.senders import CLIENTS, Report
from tests.peers.clients.shown import mistakes
from tests.peers.clients.spans import (
    JSON,
    Sent,
    answer_of,
    differences,
    request_of,
    spans_of,
    stored,
)
from tests.peers.collector.running import free_port
from tests.waiting import wait_until

pytestmark = [pytest.mark.peers, pytest.mark.browser]

OBSERVED = Path(__file__).with_name("observed.json")
PATH = "/v1/traces"
FORMATS = {JSON: "JSON", "application/x-protobuf": "protobuf"}


@dataclass(frozen=True)
class Sending:
    """What passed between a client and the app, and what the client said of it."""

    client: str
    exchanges: list[Exchange]
    report: Report

    @property
    def spans(self) -> list[Sent]:
        """The spans that the client sent."""
        requests = [request_of(each.request) for each in self.exchanges]
        return [span for each in requests for span in spans_of(each.resource_spans)]

    @property
    def transport(self) -> str:
        """In which format it sent them, and whether they were compressed."""
        headers = [each.request.headers for each in self.exchanges]
        [(media, coding)] = {(h["content-type"], h.get("content-encoding")) for h in headers}
        return ", ".join(filter(None, ("HTTP", FORMATS[media], coding)))

    def refusals(self) -> list[str]:
        """Return each answer that is not plain consent, and what the client complains of."""
        answers = [each.answer for each in self.exchanges]
        refused = [f"{a.status} {bytes(a.body)!r}" for a in answers if a.status != 200]
        taken = [answer_of(each) for each in answers if each.status == 200]
        partial = [str(each) for each in taken if each.ListFields()]
        return refused + partial + CLIENTS[self.client].complaints(self.report)


@dataclass(frozen=True)
class Outcome:
    """What is wrong with a client's spans: nothing, where all three are empty."""

    refused: list[str]
    different: list[str]
    shown_otherwise: list[str]


Sendings = Callable[[str], Sending]
Outcomes = Callable[[str], Outcome]


def sent_by(client: str, address: str, folder: Path) -> Sending:
    """Let a client send to a server, and wait until it has."""
    url = urlsplit(address)
    with recording((str(url.hostname), int(url.port or 0))) as recorded:
        report = CLIENTS[client].send(recorded, folder)
    return Sending(client, recorded.of(PATH), report)


@pytest.fixture(scope="module")
def address(
    indexed_small_books: IndexedShelf, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The app in a process of its own, as a reader starts it."""
    folder = tmp_path_factory.mktemp("served")
    with serving(folder, indexed_small_books.environment(folder / "data")) as served:
        yield served


@pytest.fixture(scope="module")
def sendings(address: str, tmp_path_factory: pytest.TempPathFactory) -> Sendings:
    """What each client sends; it runs when it is asked for first."""
    return cache(lambda client: sent_by(client, address, tmp_path_factory.mktemp(client)))


def returned(address: str, sending: Sending) -> list[Sent]:
    """Return the spans of a client as the app returns them, when it has as many."""
    traces = {each.id[0] for each in sending.spans}
    found: list[Sent] = []

    def complete() -> bool:
        found[:] = [span for trace in traces for span in _stored(address, trace)]
        return len(found) >= len({each.id for each in sending.spans})

    wait_until(complete, "the client's spans")
    return found


def _stored(address: str, trace_id: str) -> list[Sent]:
    try:
        with urlopen(f"{address}/api/traces/{trace_id}/otlp") as answer:
            return stored(json.load(answer))
    except HTTPError as error:
        with error:
            if error.code != 404:
                raise
        return []


@pytest.fixture(scope="module")
def outcomes(sendings: Sendings, address: str, browser: Browser) -> Outcomes:
    """What is wrong with each client; it is found out when it is asked for first."""

    @cache
    def outcome(client: str) -> Outcome:
        sending = sendings(client)
        back = returned(address, sending)
        with watched(browser, address) as page:
            shown = mistakes(page, sending.spans)
        return Outcome(sending.refusals(), differences(sending.spans, back), shown)

    return outcome


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_is_accepted(client: str, sendings: Sendings) -> None:
    sending = sendings(client)
    assert len(sending.spans) >= 4, sending.report
    assert sending.refusals() == []


@pytest.mark.parametrize("client", CLIENTS)
def test_what_was_sent_is_returned_field_by_field(client: str, outcomes: Outcomes) -> None:
    assert outcomes(client).different == []


@pytest.mark.parametrize("client", CLIENTS)
def test_the_page_shows_what_was_sent(client: str, outcomes: Outcomes) -> None:
    assert outcomes(client).shown_otherwise == []


def other_name(sent: Sent) -> None:
    sent.span.name += " again"


def other_kind(sent: Sent) -> None:
    sent.span.kind = Span.SPAN_KIND_CONSUMER


def other_status(sent: Sent) -> None:
    failed = sent.span.status.code == Status.STATUS_CODE_ERROR
    sent.span.status.code = Status.STATUS_CODE_UNSET if failed else Status.STATUS_CODE_ERROR


def other_duration(sent: Sent) -> None:
    sent.span.end_time_unix_nano += 1_000_000_000


def other_parent(sent: Sent) -> None:
    sent.span.parent_span_id = sent.span.span_id


def other_service(sent: Sent) -> None:
    sent.resource.attributes.add(key="service.name").value.string_value = "another shop"
    sent.resource.attributes.reverse()


@pytest.mark.parametrize(
    "change",
    [other_name, other_kind, other_status, other_duration, other_parent, other_service],
)
def test_a_span_that_is_shown_otherwise_is_noticed(
    change: Callable[[Sent], None], sendings: Sendings, address: str, browser: Browser
) -> None:
    """Without this, a check of the page that sees nothing would pass for a page that is right."""
    spans = sendings("python").spans
    change(spans[0])
    with watched(browser, address) as page:
        assert mistakes(page, spans) != []


def test_the_table_is_the_committed_one(sendings: Sendings, outcomes: Outcomes) -> None:
    rows = [
        {
            "client": client.name,
            "version": client.version,
            "transport": sendings(name).transport,
            "accepted": not outcomes(name).refused,
            "equal": not outcomes(name).different,
            "shown": not outcomes(name).shown_otherwise,
        }
        for name, client in CLIENTS.items()
    ]
    observed = json.dumps(rows, indent=2) + "\n"
    if os.environ.get("CLIENTS") == "write":
        OBSERVED.write_text(observed)
    assert observed == OBSERVED.read_text()


@pytest.fixture(scope="module")
def refusing(
    indexed_small_books: IndexedShelf, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The app where it keeps no traces and exports its own: it refuses those of programs."""
    folder = tmp_path_factory.mktemp("refusing")
    environ = {
        "GUTENBERG_EXPLORER_TRACE_STORE": "off",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}",
    }
    books = indexed_small_books.environment(folder / "data")
    with serving(folder, books | environ) as served:
        yield served


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_that_is_refused_is_noticed(client: str, refusing: str, tmp_path: Path) -> None:
    """Without this, a client that says nothing would pass for one that is accepted."""
    sending = sent_by(client, refusing, tmp_path)
    assert {each.answer.status for each in sending.exchanges} == {403}
    assert CLIENTS[client].complaints(sending.report), sending.report
