"""Datadog's test agent takes what the backend exports, and knows each search's trace again.

DATADOG_SNAPSHOTS=write has it write the snapshots anew.
"""

import base64
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.peers.collector.running import free_port
from tests.peers.datadog.processes import running
from tests.peers.datadog.traffic import backend
from tests.peers.programs import program
from tests.waiting import wait_until

pytestmark = pytest.mark.peers

SNAPSHOTS = Path(__file__).with_name("snapshots")
# What differs from run to run, and from release to release.
VOLATILE = (
    "startTimeUnixNano",
    "endTimeUnixNano",
    "version",
    "meta.service.version",
    "meta.service.instance.id",
    "meta.telemetry.sdk.version",
    "meta.index.generation",
    "meta.search.top_score",
    "meta.server.port",
    "meta.user_agent.original",
)


@dataclass
class TestAgent:
    """The two doors of a running test agent."""

    __test__ = False

    apm: str
    otlp: str

    def begin(self, session: str) -> None:
        """Let what comes from now on belong to a session."""
        _get(f"{self.apm}/test/session/start", test_session_token=session)

    def spans(self, session: str) -> list[dict[str, Any]]:
        """Return the spans of a session."""
        sent = _get(f"{self.otlp}/test/session/traces", test_session_token=session).json()
        return [
            span
            for request in sent
            for resource in request["resource_spans"]
            for scope in resource["scope_spans"]
            for span in scope["spans"]
        ]

    def compare(self, session: str) -> requests.Response:
        """Compare a session with its snapshot, or write it: 200 where they are alike."""
        volatile = ",".join(VOLATILE)
        query = {"test_session_token": session, "ignores": volatile, "removes": volatile}
        return requests.get(f"{self.apm}/test/session/snapshot", query, timeout=10)


def _get(url: str, **query: str) -> requests.Response:
    answer = requests.get(url, query, timeout=10)
    answer.raise_for_status()
    return answer


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestAgent]:
    """A running test agent, which writes no snapshots unless it is told to."""
    apm, http, grpc = free_port(), free_port(), free_port()
    writes = os.environ.get("DATADOG_SNAPSHOTS") == "write"
    if writes:
        for old in SNAPSHOTS.glob("*.json"):
            old.unlink()
    command = [
        str(program("ddapm-test-agent")),
        *("--host", "127.0.0.1", "--port", str(apm)),
        *("--otlp-http-port", str(http), "--otlp-grpc-port", str(grpc)),
        *("--snapshot-dir", str(SNAPSHOTS), "--snapshot-ci-mode", str(int(not writes))),
    ]
    log = tmp_path_factory.mktemp("test_agent") / "log"
    with running(command, http, log, {}):
        yield TestAgent(f"http://127.0.0.1:{apm}", f"http://127.0.0.1:{http}")


@pytest.fixture(scope="module")
def address(agent: TestAgent, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app, which exports to the test agent and has told of its start."""
    agent.begin("start")
    with backend(tmp_path_factory.mktemp("backend"), agent.otlp) as opened:
        wait_until(lambda: any(span["name"] == "app_startup" for span in agent.spans("start")))
        yield opened


def search(agent: TestAgent, address: str, session: str, query: str, method: str) -> str:
    """Search within a session, wait until its trace is there, and return the trace's id."""
    agent.begin(session)
    answer = _get(f"{address}/search", q=query, method=method).json()
    wait_until(lambda: any(span["name"] == "GET /search" for span in agent.spans(session)))
    return str(answer["trace_id"])


def test_what_is_exported_is_read_back(agent: TestAgent, address: str) -> None:
    trace = search(agent, address, "read_back", "love", "tfidf")
    spans = agent.spans("read_back")
    # The agent shows ids as protobuf's own JSON does.
    assert {base64.b64decode(span["trace_id"]).hex() for span in spans} == {trace}
    parents = {span["span_id"]: span["name"] for span in spans}
    tree = {(span["name"], parents.get(span.get("parent_span_id", ""))) for span in spans}
    assert tree == {
        ("GET /search", None),
        ("search_api", "GET /search"),
        ("perform_search", "search_api"),
        ("tfidf_search", "perform_search"),
        ("preprocess_query", "tfidf_search"),
        ("vectorize_query", "tfidf_search"),
        ("compute_similarity", "tfidf_search"),
        ("process_results", "tfidf_search"),
        ("generate_snippet", "process_results"),
    }


@pytest.mark.parametrize("method", ["bm25", "tfidf"])
def test_a_search_has_the_trace_of_its_snapshot(
    agent: TestAgent, address: str, method: str
) -> None:
    search(agent, address, f"search_{method}", "white whale", method)
    compared = agent.compare(f"search_{method}")
    assert compared.status_code == 200, compared.text


def test_another_search_does_not_have_that_trace(agent: TestAgent, address: str) -> None:
    search(agent, address, "another", "garden", "bm25")
    query = {
        "test_session_token": "another",
        "file": str(SNAPSHOTS / "search_bm25"),
        "ignores": ",".join(VOLATILE),
    }
    answer = requests.get(f"{agent.apm}/test/session/snapshot", query, timeout=10)
    assert answer.status_code == 400
    assert "do not match the snapshot" in answer.text
