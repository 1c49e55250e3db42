import contextlib
import gzip
import http.client
import multiprocessing
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from gutenberg_explorer.telemetry import record, start_metrics
from gutenberg_explorer.telemetry.metrics import page as metrics_page
from gutenberg_explorer.telemetry.metrics.meter import Meter
from gutenberg_explorer.telemetry.metrics.page import MetricsPage
from tests.waiting import wait_until

RESOURCE = {"service.name": "search-backend", "service.instance.id": "abc"}


@pytest.fixture
def meter() -> Iterator[Meter]:
    opened = start_metrics("1.2.3", RESOURCE, {}, "0")
    assert opened
    yield opened
    opened.shutdown()


def _page(meter: Meter) -> MetricsPage:
    assert meter.page
    return meter.page


def _scraped(url: str) -> dict[str, dict[str, float]]:
    """Return each sample's value by its name and labels."""
    with urllib.request.urlopen(url) as response:
        assert response.headers["Content-Type"].startswith("text/plain")
        text = response.read().decode()
    return {
        family.name: {
            sample.name + str(dict(sorted(sample.labels.items()))): sample.value
            for sample in family.samples
        }
        for family in text_string_to_metric_families(text)
    }


def test_prometheus_reads_what_was_measured(meter: Meter) -> None:
    record("search.duration", 0.0023, {"search.method": "bm25", "search.outcome": "ok"})
    record("index.books", 18)
    for _ in range(2):  # what is read once is still there the next time
        found = _scraped(_page(meter).url)
        durations = found["search_duration_seconds"]
        labels = {"search_method": "bm25", "search_outcome": "ok"}
        assert durations[f"search_duration_seconds_count{labels}"] == 1
        assert durations[f"search_duration_seconds_bucket{ {'le': '0.001', **labels} }"] == 0
        assert durations[f"search_duration_seconds_bucket{ {'le': '0.0025', **labels} }"] == 1
        assert found["index_books"] == {"index_books{}": 18}
        assert found["process_memory_usage_bytes"]["process_memory_usage_bytes{}"] > 10_000_000
        assert "'service_instance_id': 'abc'" in str(found["target_info"])


def test_there_is_nothing_else(meter: Meter) -> None:
    for path in ("/", "/metrics/x", "/../etc/passwd"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(_page(meter).url.removesuffix("/metrics") + path)


def _status(page: MetricsPage, *hosts: str) -> int:
    """Return the status of a scrape with these Host headers."""
    address = urllib.parse.urlsplit(page.url)
    at = str(address.hostname).replace("0.0.0.0", "127.0.0.1")
    with contextlib.closing(http.client.HTTPConnection(at, address.port)) as client:
        client.putrequest("GET", "/metrics", skip_host=True)
        for host in hosts:
            client.putheader("Host", host)
        client.endheaders()
        return client.getresponse().status


@contextlib.contextmanager
def _opened(address: str, allowed_hosts: str | None = None) -> Iterator[MetricsPage]:
    page = MetricsPage(address, allowed_hosts)
    page.start()
    try:
        yield page
    finally:
        page.stop()


LOCAL = ["localhost", "127.0.0.1:9464", "[::1]:9464", "LocalHost:1"]
FOREIGN = ["evil.example", "evil.example:9464", "localhost.evil.example", "10.0.0.7.nip.io", ""]
ADDRESSES = ["10.0.0.7:9464", "192.168.1.2", "[fd00::7]:9464"]


@pytest.mark.parametrize(
    ("address", "allowed_hosts", "known", "unknown"),
    [
        ("0", None, LOCAL, [*FOREIGN, *ADDRESSES]),
        ("127.0.0.2:0", None, [*LOCAL, "127.0.0.2:9464"], [*FOREIGN, *ADDRESSES]),
        ("0", "Books.example", [*LOCAL, "books.example:9464"], [*FOREIGN, *ADDRESSES]),
        ("0", "*", [*LOCAL, *FOREIGN, *ADDRESSES], []),
        ("0.0.0.0:0", None, [*LOCAL, *FOREIGN, *ADDRESSES], []),
        ("0.0.0.0:0", "books.example", [*LOCAL, "books.example", *ADDRESSES], FOREIGN),
    ],
)
def test_only_known_hosts_are_answered(
    address: str, allowed_hosts: str | None, known: list[str], unknown: list[str]
) -> None:
    with _opened(address, allowed_hosts) as page:
        assert {host: _status(page, host) for host in known} == dict.fromkeys(known, 200)
        assert {host: _status(page, host) for host in unknown} == dict.fromkeys(unknown, 421)
        if unknown:
            assert _status(page) == 421
            assert _status(page, "localhost", "evil.example") == 421


def test_a_scrape_is_answered_as_it_asks(meter: Meter) -> None:
    wanted = {"Accept": "application/openmetrics-text", "Accept-Encoding": "gzip"}
    with urllib.request.urlopen(urllib.request.Request(_page(meter).url, headers=wanted)) as answer:
        assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
        assert answer.headers["Server"] == "gutenberg-explorer"
        assert gzip.decompress(answer.read()).endswith(b"# EOF\n")


def test_only_reading_is_answered(meter: Meter) -> None:
    with pytest.raises(urllib.error.HTTPError, match="405"):
        urllib.request.urlopen(_page(meter).url, data=b"x")


def test_a_request_that_does_not_arrive_is_given_up(
    meter: Meter, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(metrics_page._Handler, "timeout", 0.1)
    port = int(_page(meter).url.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as slow:
        slow.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n")
        assert slow.recv(1) == b""
    assert _scraped(_page(meter).url)
    assert capfd.readouterr() == ("", "")


def test_a_failure_is_an_answer_and_a_line_in_the_log(
    meter: Meter,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(registry: CollectorRegistry) -> None:
        raise RuntimeError("no reading")

    caplog.set_level("DEBUG", metrics_page.__name__)
    monkeypatch.setattr(CollectorRegistry, "collect", fail)
    with pytest.raises(urllib.error.HTTPError, match="500"):
        urllib.request.urlopen(_page(meter).url)
    wait_until(lambda: "RuntimeError: no reading" in caplog.text)
    assert capfd.readouterr() == ("", "")


def test_the_page_is_had_by_ipv6() -> None:
    page = MetricsPage("[::1]:0")
    page.start()
    try:
        assert page.url.startswith("http://[::1]:")
        with urllib.request.urlopen(page.url) as answer:
            assert answer.status == 200
    finally:
        page.stop()


def test_only_this_machine_may_look_unless_told_otherwise(meter: Meter) -> None:
    assert _page(meter).url.startswith("http://127.0.0.1:")
    everywhere = MetricsPage("0.0.0.0:0")
    assert everywhere.url.startswith("http://0.0.0.0:")
    everywhere.stop()


def test_a_taken_port_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"on 127.0.0.1:{port} for Prometheus") as raised:
            MetricsPage(f"127.0.0.1:{port}")
    assert "GUTENBERG_EXPLORER_METRICS_ADDRESS" in str(raised.value.strerror)


def test_a_worker_takes_the_next_port(meter: Meter) -> None:
    port = int(_page(meter).url.split(":")[2].split("/")[0])
    with multiprocessing.get_context("spawn").Pool(1) as worker:
        url = worker.apply(_url_in_a_worker, (str(port),))
    assert port < int(url.split(":")[2].split("/")[0]) < port + 20


def _url_in_a_worker(address: str) -> str:
    page = MetricsPage(address)
    page.start()
    page.stop()
    return page.url
