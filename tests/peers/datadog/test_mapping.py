"""What Datadog makes of every span, through the Collector and through the Agent.

DATADOG_MAPPING=write writes what was observed to deploy/datadog/mapping.json; `make generate` then
brings the tables of docs/datadog.md up to date.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span
from playwright.sync_api import Browser

from gutenberg_explorer import __version__
from tests.contract import GROUPS, SERVER
from tests.peers.datadog import routes
from tests.peers.datadog.intake import ANSWERS, Intake, datadog_intake
from tests.peers.datadog.mapping import (
    Measured,
    expected,
    mapping,
    measured,
    number,
    of_group,
    pairs,
)
from tests.peers.datadog.traffic import ENVIRONMENT, Traffic, traffic
from tests.waiting import wait_until

pytestmark = [pytest.mark.peers, pytest.mark.browser]

MAPPING = Path(__file__).resolve().parents[3] / "deploy/datadog/mapping.json"

ENTRIES = (Span.SPAN_KIND_SERVER, Span.SPAN_KIND_CLIENT)


def one_by_one(spans: list[ResourceSpans]) -> Iterator[ResourceSpans]:
    """Yield each span with its resource, alone."""
    for each in spans:
        for scope in each.scope_spans:
            for span in scope.spans:
                only = ScopeSpans(scope=scope.scope, spans=[span])
                yield ResourceSpans(resource=each.resource, scope_spans=[only])


@pytest.fixture(scope="module")
def exported(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Traffic:
    """What the app exports and logs while it is used."""
    return traffic(browser, tmp_path_factory.mktemp("traffic"))


def through_agent(spans: list[ResourceSpans], folder: Path, features: str) -> Intake:
    """Return what Datadog gets of exported spans through the Agent."""
    with datadog_intake() as intake, routes.agent(intake, folder, features) as endpoint:
        routes.send_spans(endpoint, spans)
    return intake


def through_collector(spans: list[ResourceSpans], folder: Path, hits: int) -> Intake:
    """Return what Datadog gets of exported spans, and so many hits, through the Collector."""
    count = sum(len(scope.spans) for each in spans for scope in each.scope_spans)
    with datadog_intake() as intake, routes.collector(intake, folder) as endpoint:
        routes.send_spans(endpoint, spans)
        wait_until(lambda: len(intake.spans) >= count and total(measured(intake)) >= hits)
    return intake


def total(metrics: Measured) -> int:
    """Return how many spans were measured."""
    return sum(each["hits"] for each in metrics.values())


@pytest.fixture(scope="module")
def ways(exported: Traffic, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Intake]:
    """What arrives of it through the Collector, and through the Agent."""
    spans, folder = exported.exported.resource_spans, tmp_path_factory.mktemp("ways")
    agent = through_agent(spans, folder, routes.BY_KIND)
    hits = total(measured(agent))
    return {"collector": through_collector(spans, folder, hits), "agent": agent}


def test_the_mapping_is_the_committed_one(exported: Traffic, ways: dict[str, Intake]) -> None:
    observed = json.dumps(mapping(exported, ways), indent=2) + "\n"
    if os.environ.get("DATADOG_MAPPING") == "write":
        MAPPING.parent.mkdir(parents=True, exist_ok=True)
        MAPPING.write_text(observed)
    assert observed == MAPPING.read_text()


@pytest.mark.parametrize("way", ["collector", "agent"])
def test_nothing_else_is_sent(ways: dict[str, Intake], way: str) -> None:
    intake = ways[way]
    paths = {path for path, _ in intake.requests}
    assert {"/api/v0.2/traces", "/api/v0.2/stats"} <= paths <= set(ANSWERS)
    # What a host is, its own Agent tells.
    assert "/intake" not in paths
    assert intake.keys == {routes.KEY}


def test_every_span_of_the_contract_is_mapped(exported: Traffic, ways: dict[str, Intake]) -> None:
    listed = {g["annotations"]["name"] for g in GROUPS if g["type"] == "span"}
    mapped = {row["span"] for row in mapping(exported, ways)["spans"]}
    assert listed - {SERVER} == {name for name in mapped if not name.startswith("GET ")}
    assert {"GET /search", "GET /books/{id}/search"} <= mapped


@pytest.mark.parametrize("way", ["collector", "agent"])
def test_trace_metrics_count_each_request_once(
    exported: Traffic, ways: dict[str, Intake], way: str
) -> None:
    metrics = measured(ways[way])
    entries = {
        of_group(group): expected(group)
        for group in pairs(exported, ways[way]).values()
        if any(not span.parent_span_id or span.kind in ENTRIES for span, _ in group)
    }
    assert metrics == entries


def test_spans_that_come_one_by_one_are_measured_alike(
    exported: Traffic, ways: dict[str, Intake], tmp_path: Path
) -> None:
    """The backend exports what has ended: a span often comes in a request before its parent's."""
    alone = list(one_by_one(exported.exported.resource_spans))
    agent = through_agent(alone, tmp_path, routes.BY_KIND)
    assert measured(agent) == measured(ways["agent"])
    hits = total(measured(agent))
    assert measured(through_collector(alone, tmp_path, hits)) == measured(ways["collector"])


def test_an_agent_without_the_feature_measures_whatever_comes_before_its_parent(
    exported: Traffic, ways: dict[str, Intake], tmp_path: Path
) -> None:
    """Why deploy/ sets the feature: this is what happens without it."""
    agent = through_agent(list(one_by_one(exported.exported.resource_spans)), tmp_path, "")
    wrong = ("search-backend", "Internal", "generate_snippet")
    assert wrong in measured(agent)
    assert wrong not in measured(ways["agent"])


def test_exported_logs_meet_their_spans(exported: Traffic, tmp_path: Path) -> None:
    records = {r.span_id: r for r in exported.exported.log_records if r.span_id}
    with datadog_intake() as intake, routes.collector(intake, tmp_path) as endpoint:
        routes.send_logs(endpoint, exported.exported.resource_logs)
        wait_until(lambda: len(intake.logs) == len(exported.exported.log_records))
    told = [(log, json.loads(log["message"])) for log in intake.logs]
    within = {fields["otel.span_id"]: fields for _, fields in told if "otel.span_id" in fields}
    assert set(within) == {span_id.hex() for span_id in records}
    for span_id, record in records.items():
        fields = within[span_id.hex()]
        assert fields["otel.trace_id"] == record.trace_id.hex()
        assert fields["dd.trace_id"] == str(number(record.trace_id))
        assert fields["dd.span_id"] == str(number(span_id))
    for log, _ in told:
        assert log["service"] == "search-backend"
        assert {f"env:{ENVIRONMENT}", f"version:{__version__}"} <= set(log["ddtags"].split(","))


@pytest.mark.parametrize("way", ["collector", "agent"])
def test_an_opened_index_is_linked_to_its_build(
    exported: Traffic, ways: dict[str, Intake], way: str
) -> None:
    groups = pairs(exported, ways[way])
    [(build, _)] = groups["search-backend", "tfidf_vectorization"]
    opened = [there for _, there in groups["search-backend", "open_index"]]
    linked = [there.meta["_dd.span_links"] for there in opened if "_dd.span_links" in there.meta]
    [[link]] = map(json.loads, linked)
    assert (link["trace_id"], link["span_id"]) == (build.trace_id.hex(), build.span_id.hex())
