"""What ships is known to Datadog's client to the last field, and the walk finds what is not."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from gutenberg_explorer.datadog import Folder
from gutenberg_explorer.datadog.folder import text
from gutenberg_explorer.datadog.kinds import DASHBOARD, KINDS, MONITOR, SLO, Kind, Object
from gutenberg_explorer.datadog.schema import problems
from tests.datadog.conftest import SHIPPED

FOLDER = Folder(SHIPPED)
BY_NAME = {kind.name: kind for kind in KINDS}


@pytest.mark.parametrize(("name", "key"), sorted(FOLDER.things))
def test_a_shipped_file_passes_in_its_normal_form(name: str, key: str) -> None:
    kind = BY_NAME[name]
    assert problems(kind, FOLDER.filled_in(kind, key, {})) == []
    thing = FOLDER.things[name, key]
    assert FOLDER.file(kind, key).read_text() == text(kind.normal(thing)), "not in normal form"


def _widget(thing: Object) -> Any:
    return thing["widgets"][1]["definition"]["widgets"][4]["definition"]


def _request(thing: Object) -> Any:
    return _widget(thing)["requests"][0]


def _small(kind: Kind, key: str) -> Object:
    """Return a shipped object; notes stand for most widgets of a dashboard, where they stood.

    Datadog's client tries each of its types on each widget, which takes half a second for all.
    """
    thing = copy.deepcopy(FOLDER.filled_in(kind, key, {}))
    if kind is DASHBOARD:
        del thing["widgets"][2:], thing["widgets"][1]["definition"]["widgets"][5:]
        note = {"definition": {"type": "note", "content": "Left out."}}
        thing["widgets"][0] = note
        thing["widgets"][1]["definition"]["widgets"][:4] = [note] * 4
    return thing


@pytest.mark.parametrize(
    ("kind", "key", "place", "changes"),
    [
        (DASHBOARD, "search", lambda d: d, {"layout_type": "grid"}),
        (DASHBOARD, "search", lambda d: d, {"title": None}),
        (DASHBOARD, "search", lambda d: d, {"widgets": {}}),
        (DASHBOARD, "search", lambda d: d, {"url": "/mine"}),
        (DASHBOARD, "search", _widget, {"type": "timeserie"}),
        (DASHBOARD, "search", _widget, {"titel": "Searches"}),
        (DASHBOARD, "search", _request, {"display_type": "lines"}),
        (DASHBOARD, "search", _request, {"response_format": "series"}),
        (DASHBOARD, "search", lambda d: _request(d)["formulas"][0], {"formul": "a"}),
        (DASHBOARD, "search", lambda d: _request(d)["queries"][0], {"data_source": "metric"}),
        (DASHBOARD, "search", lambda d: _request(d)["queries"][0], {"quer": "a"}),
        (MONITOR, "search-latency", lambda m: m, {"type": "query"}),
        (MONITOR, "search-latency", lambda m: m, {"query": None}),
        (MONITOR, "search-latency", lambda m: m["options"], {"notify_nodata": True}),
        (MONITOR, "search-latency", lambda m: m["options"]["thresholds"], {"critical": "a"}),
        (MONITOR, "search-latency", lambda m: m["options"]["thresholds"], {"kritical": 1}),
        (SLO, "search-latency", lambda s: s, {"type": "slice"}),
        (SLO, "search-latency", lambda s: s, {"timeframe": "30d"}),
        (SLO, "search-latency", lambda s: s["thresholds"][0], {"timeframe": "3d"}),
        (
            SLO,
            "search-latency",
            lambda s: s["sli_specification"]["time_slice"],
            {"comparator": "=="},
        ),
        (
            SLO,
            "search-latency",
            lambda s: s["sli_specification"]["time_slice"],
            {"query_interval_seconds": 10},
        ),
    ],
)
def test_what_the_client_does_not_know_is_found(
    kind: Kind, key: str, place: Callable[[Object], Object], changes: Object
) -> None:
    thing = _small(kind, key)
    assert problems(kind, thing) == []
    for name, value in changes.items():
        if value is None:
            del place(thing)[name]
        else:
            place(thing)[name] = value
    assert problems(kind, thing)


def test_the_widget_that_is_wrong_is_named() -> None:
    thing = copy.deepcopy(FOLDER.filled_in(DASHBOARD, "search", {}))
    _request(thing)["display_type"] = "lines"
    [wrong] = problems(DASHBOARD, thing)
    assert wrong.startswith("widgets[1].definition.widgets[4].definition: ")
