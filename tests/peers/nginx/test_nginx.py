"""What nginx serves by itself is what the backend would serve, and the rest is the backend's."""

import gzip
import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from google.rpc.status_pb2 import Status
from playwright.sync_api import Browser, expect

from gutenberg_explorer.api import otlp_receiver
from gutenberg_explorer.api.headers import DEFAULTS
from gutenberg_explorer.settings import Settings
from tests.libraries import IndexedShelf
from tests.page import built_page
from tests.peers.nginx.recorder import Recorder, recorder
from tests.peers.nginx.running import START, Answer, Process, ask, backend, nginx
from tests.waiting import wait_until

pytestmark = pytest.mark.peers

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"
# What belongs to a connection, to one request, or to how a server watches its files.
OWN = {"date", "server", "connection", "etag", "last-modified", "accept-ranges", "traceresponse"}
# Stands for the name of one, which is another with each build.
ASSET = "/assets/{name}"
PAGES = ["/", "/library", "/read/ships", "/traces", f"/traces/{TRACE_ID}", "/favicon.svg"]
DATA = [
    "/search?q=sea",
    "/search?q=",
    "/search/",
    "/books",
    "/books/none",
    "/api/services",
    "/api/traces/none",
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/docs",
    "/v1/traces",
    "/v1/nope",
]


@pytest.fixture(scope="module")
def served(
    indexed_harbour: IndexedShelf, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Process]:
    with backend(indexed_harbour, tmp_path_factory.mktemp("backend")) as running:
        yield running


@pytest.fixture(scope="module")
def front(served: Process, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with nginx(tmp_path_factory.mktemp("nginx"), served.address) as running:
        yield running


def _assets() -> list[str]:
    """Return the addresses of the page's scripts and styles."""
    found = (built_page() / "assets").glob("*")
    return sorted(f"/assets/{path.name}" for path in found if path.suffix in (".css", ".js"))


def headers_of(answer: Answer) -> dict[str, str]:
    headers = {name: value for name, value in answer.headers.items() if name not in OWN}
    if "location" in headers:
        headers["location"] = re.sub(r"^http://127.0.0.1:\d+", "", headers["location"])
    return headers


def body_of(answer: Answer) -> object:
    """Return an answer's body without what differs from one answer to the next."""
    if answer.body and "json" in answer.headers.get("content-type", ""):
        told = json.loads(answer.body)
        if isinstance(told, dict):
            for of_this_answer in ("trace_id", "since"):
                told.pop(of_this_answer, None)
        return told
    return answer.body


def problem_of(answer: Answer, status: int) -> dict[str, object]:
    """Return the problem document that an answer is, with the headers of all data."""
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    for name, value in DEFAULTS.items():
        assert answer.headers[name.lower()] == value
    told: dict[str, object] = json.loads(answer.body)
    assert (told["type"], told["status"]) == ("about:blank", status)
    return told


def status_of(answer: Answer, status: int, form: str) -> Status:
    """Return the google.rpc.Status that an error of the OTLP receiver is, in its form."""
    assert (answer.status, answer.headers["content-type"]) == (status, form)
    for name, value in DEFAULTS.items():
        assert answer.headers[name.lower()] == value
    if form == "application/json":
        return Status(**json.loads(answer.body))
    return Status.FromString(answer.body)


# --- the same as the backend


@pytest.mark.parametrize("path", PAGES + DATA)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_address_answers_as_the_backend_does(
    served: Process, front: Process, path: str, method: str
) -> None:
    own, passed = (ask(server.address, path, method) for server in (served, front))
    assert passed.status == own.status
    assert headers_of(passed) == headers_of(own)
    assert body_of(passed) == body_of(own)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0, gzip", "gzip"),
        ("vbr, gzip", "gzip"),
        ("gzip;q=0, br;q=0", None),
        ("identity", None),
    ],
)
def test_files_are_compressed_as_the_client_takes_them(
    served: Process, front: Process, accepted: str, coding: str | None
) -> None:
    assets = _assets()
    assert len(assets) > 5
    codings = set()
    for path in ("/", "/library", "/favicon.svg", *assets):
        own, passed = (
            ask(server.address, path, Accept_Encoding=accepted) for server in (served, front)
        )
        assert headers_of(passed) == headers_of(own)
        assert passed.body == own.body
        codings.add(passed.headers.get("content-encoding"))
    # The smallest have no compressed form.
    assert codings - {None} == {coding} - {None}


def test_what_the_backend_answers_is_compressed(served: Process, front: Process) -> None:
    own, passed = (
        ask(server.address, "/openapi.json", Accept_Encoding=coding)
        for server, coding in ((served, "identity"), (front, "gzip"))
    )
    assert passed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(passed.body) == own.body
    assert len(passed.body) < len(own.body) / 4


def test_every_address_of_the_description_is_passed_on(served: Process, front: Process) -> None:
    described = json.loads(ask(served.address, "/openapi.json").body)["paths"]
    for path in described:
        concrete = re.sub(r"\{\w+\}", "none", path)
        own, passed = (ask(server.address, concrete) for server in (served, front))
        assert (passed.status, body_of(passed)) == (own.status, body_of(own)), path


@pytest.mark.parametrize("path", ["/nope", "/assets/none.js", "/read/a/b", "/searching", "/x?y"])
@pytest.mark.parametrize("accepted", ["text/html,*/*", "*/*"])
def test_what_is_not_there_looks_as_at_the_backend(
    served: Process, front: Process, path: str, accepted: str
) -> None:
    own, passed = (ask(server.address, path, Accept=accepted) for server in (served, front))
    assert (own.status, passed.status) == (404, 404)
    assert passed.headers["content-type"] == own.headers["content-type"]
    if "json" in passed.headers["content-type"]:
        assert problem_of(passed, 404)["title"] == json.loads(own.body)["title"]
    else:
        assert headers_of(passed) == headers_of(own)
        assert passed.body == own.body


@pytest.mark.parametrize("path", ["/library/", "/traces/?limit=5", "/read/ships/"])
def test_a_slash_too_many_leads_to_the_page(served: Process, front: Process, path: str) -> None:
    own, passed = (ask(server.address, path) for server in (served, front))
    assert (passed.status, own.status) == (307, 307)
    assert own.headers["location"] == served.address + passed.headers["location"]


@pytest.mark.parametrize("share", ["0.25", "0.0", "1e-05", "1"])
def test_the_page_is_told_which_share_of_traces_is_recorded(
    indexed_harbour: IndexedShelf, tmp_path: Path, share: str
) -> None:
    sampler = {
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": share,
    }
    with (
        backend(indexed_harbour, tmp_path / "backend", **sampler) as own,
        nginx(tmp_path / "nginx", own.address, TRACE_SAMPLING=share) as front,
    ):
        for path in ("/", "/traces"):
            expected, told = (ask(s.address, path, Accept_Encoding="br") for s in (own, front))
            assert told.body == expected.body
            assert told.headers["content-type"] == expected.headers["content-type"]


# --- through it


def test_a_search_in_the_browser_is_one_trace(front: Process, browser: Browser) -> None:
    """The page's spans are let in: they come from the page's own origin, port and all."""
    context = browser.new_context(base_url=front.address, locale="en-US")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    with (
        page.expect_response(lambda r: r.url.endswith("/v1/traces")) as exported,
        page.expect_response(re.compile(r"/search\?")) as answered,
    ):
        page.goto("/?q=sea")
        expect(page.locator("main[data-search-state='done']")).to_be_visible()
    assert exported.value.status == 200
    trace_id = answered.value.json()["trace_id"]

    def whole() -> list[dict[str, Any]]:
        told = json.loads(ask(front.address, f"/api/traces/{trace_id}").body)
        spans = told["data"][0]["spans"] if told.get("data") else []
        names = {span["operationName"] for span in spans}
        wanted = {"frontend_search", "update_ui_final", "GET /search", "process_results"}
        return spans if wanted <= names else []

    spans = wait_until(whole)
    assert {span["traceID"] for span in spans} == {trace_id}
    ids = {span["spanID"] for span in spans}
    parents = [ref["spanID"] for span in spans for ref in span["references"]]
    assert set(parents) <= ids
    assert len(parents) == len(spans) - 1
    context.close()
    assert errors == []


def test_another_sites_page_is_kept_out(front: Process) -> None:
    refused = ask(front.address, "/v1/traces", "POST", b"{}", Origin="http://evil.example")
    misdirected = ask(front.address, "/search?q=sea", Host="evil.example")
    assert (refused.status, misdirected.status) == (403, 421)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, Recorder]]:
    """An nginx before a server that tells what reached it."""
    with (
        recorder() as behind,
        nginx(tmp_path_factory.mktemp("recorded"), behind.address) as front,
    ):
        yield front, behind


def test_what_reaches_the_backend(recorded: tuple[Process, Recorder]) -> None:
    front, behind = recorded
    ask(
        front.address,
        "/search?q=a%20b&q=%2F",
        traceparent=TRACEPARENT,
        X_Forwarded_For="192.0.2.7",
        Origin=front.address,
    )
    request = behind.requests[-1]
    assert request.path == "/search?q=a%20b&q=%2F"
    assert request.headers["host"] == urlsplit(front.address).netloc
    assert request.headers["traceparent"] == TRACEPARENT
    assert request.headers["origin"] == front.address
    assert request.headers["x-forwarded-for"] == "192.0.2.7, 127.0.0.1"
    assert request.headers["x-forwarded-proto"] == "http"


def test_what_an_earlier_proxy_has_said_of_the_scheme_is_passed_on(
    recorded: tuple[Process, Recorder],
) -> None:
    front, behind = recorded
    ask(front.address, "/books", X_Forwarded_Proto="https")
    assert behind.requests[-1].headers["x-forwarded-proto"] == "https"


def test_an_address_is_passed_on_as_it_came(recorded: tuple[Process, Recorder]) -> None:
    front, behind = recorded
    for path in ("/books/a%2Fb", "/books/.//b", "/search?q=..//..", "/books/%C3%A9"):
        ask(front.address, path)
        assert behind.requests[-1].path == path


def test_connections_to_the_backend_are_used_again(recorded: tuple[Process, Recorder]) -> None:
    front, behind = recorded
    before = len({request.connection for request in behind.requests})
    for _ in range(50):
        ask(front.address, "/books")
    assert len({request.connection for request in behind.requests}) <= before + 2


def test_an_answer_that_is_too_long_for_memory_comes_whole(
    recorded: tuple[Process, Recorder],
) -> None:
    front, behind = recorded
    behind.body = b"0123456789" * 800_000
    try:
        assert ask(front.address, "/books").body == behind.body
    finally:
        behind.body = b"{}"


# --- a backend that is gone


def test_a_backend_that_is_gone_is_told_of_and_found_again(
    indexed_harbour: IndexedShelf, tmp_path: Path
) -> None:
    with (
        backend(indexed_harbour, tmp_path / "b") as behind,
        nginx(tmp_path / "n", behind.address) as front,
    ):
        assert ask(front.address, "/search?q=sea").status == 200
        behind.stop(signal.SIGKILL)
        for path in ("/search?q=sea", "/readyz"):
            answer = ask(front.address, path, traceparent=TRACEPARENT)
            problem = problem_of(answer, 502)
            assert problem["title"] == "Bad Gateway"
            assert problem["trace_id"] == TRACE_ID
        assert "trace_id" not in problem_of(ask(front.address, "/books"), 502)
        for form in ("application/json", "application/x-protobuf"):
            answer = ask(front.address, "/v1/traces", "POST", b"{}", Content_Type=form)
            assert status_of(answer, 502, form).code == 14
        assert ask(front.address, "/").status == 200
        behind.start("/readyz")
        assert ask(front.address, "/search?q=sea").status == 200


def test_a_traceparent_of_nonsense_gets_into_no_document(front: Process) -> None:
    for parent in ('00-"},{"', f"00-{TRACE_ID.upper()}-1-1", f"00-{TRACE_ID}x-00f067aa0ba902b7-01"):
        told = problem_of(ask(front.address, "/nope", traceparent=parent), 404)
        assert "trace_id" not in told


# --- bounds


def test_a_body_is_bounded(front: Process) -> None:
    """Where the backend's own bound is lower, its own answer comes."""
    protobuf = "application/x-protobuf"
    most = Settings.model_fields["otlp_max_bytes"].default
    below = ask(
        front.address,
        "/v1/traces",
        "POST",
        b"\xff" * most,
        Content_Type=protobuf,
    )
    assert below.status == 400
    above = ask(
        front.address,
        "/v1/traces",
        "POST",
        b"\xff" * (most + 1),
        Content_Type=protobuf,
    )
    assert status_of(above, 413, protobuf).message == f"The body is larger than {most} bytes."
    in_json = ask(front.address, "/v1/traces", "POST", b" " * (most + 1), Content_Type="text/plain")
    assert status_of(in_json, 413, "application/json").code == 8
    elsewhere = ask(front.address, "/search", "POST", b" " * (most + 1), Content_Type=protobuf)
    assert problem_of(elsewhere, 413)["title"] == "Content Too Large"
    browser = ask(
        front.address,
        "/v1/traces",
        "POST",
        b"\xff" * (otlp_receiver.MAX_BROWSER_BYTES + 1),
        Origin=front.address,
        Content_Type=protobuf,
    )
    assert "262144" in status_of(browser, 413, protobuf).message


@pytest.mark.parametrize("length", [33_000, 60_000])
def test_an_address_is_bounded(front: Process, length: int) -> None:
    problem_of(ask(front.address, "/search?q=" + "a" * length), 414)


@pytest.mark.parametrize("length", [33_000, 39_000, 60_000])
def test_a_header_is_bounded(front: Process, length: int) -> None:
    problem_of(ask(front.address, "/search?q=sea", X_Long="a" * length), 431)


@pytest.mark.parametrize(
    "sent", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"]
)
def test_what_is_no_http_is_refused(front: Process, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(front.address).port or 0)) as connection:
        connection.sendall(sent)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b" 400 " in answer.splitlines()[0] or answer.startswith(b"{")
    assert b'"status":400' in answer
    assert b"<html" not in answer


@pytest.mark.parametrize("path", ["/", "/library", "/favicon.svg", ASSET])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_page_can_only_be_read(front: Process, path: str, method: str) -> None:
    answer = ask(front.address, path.replace(ASSET, _assets()[0]), method)
    problem_of(answer, 405)
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../../../../../etc/passwd",
        "/assets/..%2f..%2f..%2f..%2fetc/passwd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/nginx.conf",
        "/..%5c..%5cetc/passwd",
        "/assets//etc/passwd",
        "/assets/",
        "/assets",
        "/nginx.conf",
        "/plain/index.html",
        "/br/index.html",
        "/br/assets/",
        "/-/problem/502",
        f"{ASSET}.br",
        f"{ASSET}.gz",
        "/index.html.gz",
        "/assets/%00",
    ],
)
def test_nothing_else_is_served(front: Process, path: str) -> None:
    answer = ask(front.address, path.replace(ASSET, _assets()[0]))
    problem_of(answer, answer.status)
    assert answer.status in (400, 404)
    assert b"root:" not in answer.body


# --- the server itself


def test_it_says_little_of_itself(front: Process) -> None:
    for path in ("/", "/nope", "/search?q=sea", "/v1/nope"):
        answer = ask(front.address, path)
        assert answer.headers["server"] == "nginx"
        assert b"nginx" not in answer.body


def test_its_own_probe_hides_none_of_the_backends(front: Process) -> None:
    assert json.loads(ask(front.address, "/nginx-health").body) == {"status": "ok"}
    assert json.loads(ask(front.address, "/healthz").body) == {"status": "ok"}


def test_no_line_of_the_log_holds_a_query(tmp_path: Path) -> None:
    with nginx(tmp_path, "http://127.0.0.1:9") as front:
        ask(front.address, "/search?q=secret", traceparent=TRACEPARENT)
        ask(front.address, "/?q=secret")
        ask(front.address, "/nope?q=secret")
        ask(front.address, "/search?q=secret" + "x" * 60_000)
        # A line is written after its answer, by whichever worker gave it.
        wait_until(lambda: len(front.log.splitlines()) == 4)
        log = front.log
    assert "secret" not in log
    told = [json.loads(line) for line in log.splitlines()]
    assert sum(line["trace_id"] != "" for line in told) == 1
    [traced] = (line for line in told if line["trace_id"] == TRACE_ID)
    assert (traced["path"], traced["status"]) == ("/search", 502)


def test_it_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with nginx(tmp_path, "http://127.0.0.1:9") as front:
        assert front.stop(signal.SIGQUIT) == 0


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BACKEND_URL", "backend:8000"),
        ("BACKEND_URL", "http://backend:8000; include /etc/passwd"),
        ("BACKEND_URL", "http://a/b"),
        ("TRACE_SAMPLING", "2"),
        ("TRACE_SAMPLING", '0.5"><script>'),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, variable: str, value: str) -> None:
    environ = {"PATH": "/usr/sbin:/usr/bin:/bin", "RUN": str(tmp_path / "run"), variable: value}
    ended = subprocess.run(
        [str(START)], env=environ, capture_output=True, text=True, timeout=10, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"{variable}={value}: ")
    assert not (tmp_path / "run").exists()
