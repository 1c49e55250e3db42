"""The dashboard's widgets lie beside each other, and monitors, runbooks and objectives agree."""

import itertools
import re

import pytest

from gutenberg_explorer.datadog import Folder
from gutenberg_explorer.datadog.kinds import DASHBOARD, MONITOR, Object
from tests.datadog.conftest import SHIPPED

FOLDER = Folder(SHIPPED)
DOCS = SHIPPED.parents[1] / "docs"
DASHBOARD_OBJECT = FOLDER.filled_in(DASHBOARD, "search", {})
GROUPS = DASHBOARD_OBJECT["widgets"]
MONITORS = sorted(key for kind, key in FOLDER.things if kind == "monitor")
COLUMNS = 12


def _cells(widget: Object) -> set[tuple[int, int]]:
    place = widget["layout"]
    columns = range(place["x"], place["x"] + place["width"])
    return set(itertools.product(columns, range(place["y"], place["y"] + place["height"])))


@pytest.mark.parametrize(
    "widgets",
    [GROUPS, *(group["definition"]["widgets"] for group in GROUPS)],
    ids=["groups", *(group["definition"]["title"] for group in GROUPS)],
)
def test_widgets_lie_within_the_columns_and_on_no_other(widgets: list[Object]) -> None:
    taken: set[tuple[int, int]] = set()
    for widget in widgets:
        cells = _cells(widget)
        assert cells
        assert {x for x, _ in cells} <= set(range(COLUMNS))
        assert not cells & taken, widget["definition"]["title"]
        taken |= cells
    rows = max(y for _, y in taken) + 1
    assert len(taken) == COLUMNS * rows, "there are holes"


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["definition"]["title"])
def test_a_group_is_as_high_as_what_it_holds(group: Object) -> None:
    rows = max(y for widget in group["definition"]["widgets"] for _, y in _cells(widget)) + 1
    assert group["layout"]["height"] == rows + 1  # and its title
    assert group["layout"]["width"] == COLUMNS


def test_formulas_use_the_queries_beside_them() -> None:
    count = 0
    for group in GROUPS:
        for widget in group["definition"]["widgets"]:
            for request in widget["definition"].get("requests", []):
                names = {query["name"] for query in request.get("queries", [])}
                for formula in request.get("formulas", []):
                    used = set(re.findall(r"[a-z]\w+", formula["formula"])) - {"default_zero"}
                    assert used
                    assert used <= names
                    count += 1
    assert count > 30


@pytest.mark.parametrize("key", MONITORS)
def test_a_monitor_says_where_its_runbook_is(key: str) -> None:
    monitor = FOLDER.filled_in(MONITOR, key, {})
    [link] = re.findall(r"https://\S+", monitor["message"])
    page, _, anchor = link.partition("#")
    assert anchor == key
    assert page.endswith("/docs/runbooks.md")
    headings = re.findall(r"^## (.+)$", (DOCS / "runbooks.md").read_text(), re.MULTILINE)
    assert key in headings


@pytest.mark.parametrize("key", MONITORS)
def test_a_monitor_is_tagged_and_its_threshold_is_the_querys(key: str) -> None:
    monitor = FOLDER.filled_in(MONITOR, key, {})
    tags = {tag.split(":")[0] for tag in monitor["tags"]}
    assert {"env", "service", "signal"} <= tags
    threshold = float(monitor["query"].rsplit(" ", 1)[1])
    assert monitor["options"]["thresholds"]["critical"] == threshold


@pytest.mark.parametrize("key", sorted(key for kind, key in FOLDER.things if kind == "slo"))
def test_an_objective_has_a_fast_and_a_slow_alert_and_a_place(key: str) -> None:
    queries = [FOLDER.things["monitor", monitor]["query"] for monitor in MONITORS]
    alerts = [query for query in queries if f"${{slo:{key}}}" in query]
    assert [re.findall(r"> ([\d.]+)", query)[0] for query in alerts] == ["14.4", "6"]
    shown = [w["definition"].get("slo_id") for w in GROUPS[0]["definition"]["widgets"]]
    assert f"${{slo:{key}}}" in shown
