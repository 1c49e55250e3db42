"""What is planned, applied and exported."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.datadog.conftest import SHIPPED, Run
from tests.datadog.fake import FakeDatadog

# Each run of the command loads Datadog's client, which takes a second.
pytestmark = pytest.mark.peers

COUNT = len(list(SHIPPED.glob("*/*.json")))


def _edit(path: Path, **changes: Any) -> None:
    thing = json.loads(path.read_text())
    path.write_text(json.dumps(thing | changes))


def _texts(folder: Path) -> dict[Path, str]:
    return {path: path.read_text() for path in folder.rglob("*.json")}


def _monitor(datadog: FakeDatadog, key: str) -> dict[str, Any]:
    [found] = [
        monitor
        for monitor in datadog.objects["monitor"].values()
        if f"managed-key:{key}" in monitor["tags"]
    ]
    return found


def test_a_plan_says_what_would_be_created_and_changes_nothing(
    run: Run, datadog: FakeDatadog
) -> None:
    result = run("plan")
    assert result.exit_code == 0, result.output
    assert "+ monitor search-latency\n" in result.output
    assert result.output.endswith(f"{COUNT} to create, 0 to update, 0 unchanged.\n")
    assert datadog.writes == []


def test_to_apply_twice_changes_nothing_the_second_time(run: Run, datadog: FakeDatadog) -> None:
    first = run("apply")
    assert first.exit_code == 0, first.output
    assert f"{COUNT} created, 0 updated, 0 unchanged." in first.output
    assert len(datadog.writes) == COUNT
    datadog.requests.clear()
    for _ in range(2):
        again = run("apply")
        assert again.output == f"0 created, 0 updated, {COUNT} unchanged.\n"
    assert datadog.writes == []
    assert run("plan").output == f"0 to create, 0 to update, {COUNT} unchanged.\n"


def test_ids_that_datadog_gives_are_filled_in(run: Run, datadog: FakeDatadog) -> None:
    run("apply")
    everything = json.dumps(datadog.objects)
    assert "${" not in everything
    fast = _monitor(datadog, "availability-burn-fast")
    [slo] = [known for known in datadog.objects["slo"] if known in fast["query"]]
    assert "managed-key:search-availability" in datadog.objects["slo"][slo]["tags"]
    assert everything.count(slo) > 3


def test_a_change_in_a_file_is_shown_and_made(run: Run, datadog: FakeDatadog, folder: Path) -> None:
    run("apply")
    datadog.requests.clear()
    file = folder / "monitors" / "search-latency.json"
    monitor = json.loads(file.read_text())
    monitor["query"] = monitor["query"].replace("> 0.5", "> 0.7")
    monitor["options"]["thresholds"]["critical"] = 0.7
    del monitor["options"]["thresholds"]["warning"]
    del monitor["priority"]
    monitor["options"]["renotify_interval"] = 60
    file.write_text(json.dumps(monitor))
    planned = run("plan").output
    assert "~ monitor search-latency\n" in planned
    assert "    ~ options.thresholds.critical: 0.5 → 0.7\n" in planned
    assert "    - options.thresholds.warning: 0.25\n" in planned
    assert "    - priority: 2\n" in planned
    assert "    + options.renotify_interval: 60\n" in planned
    assert datadog.writes == []
    assert f"0 created, 1 updated, {COUNT - 1} unchanged." in run("apply").output
    assert len(datadog.writes) == 1
    assert f"{COUNT} unchanged." in run("apply").output
    del monitor["options"]["renotify_interval"]
    file.write_text(json.dumps(monitor))
    assert (
        "updated monitor search-latency\n    - options.renotify_interval: 60\n"
        in run("apply").output
    )
    assert run("plan").output == f"0 to create, 0 to update, {COUNT} unchanged.\n"


def test_what_someone_changed_in_datadog_is_shown_and_undone(
    run: Run, datadog: FakeDatadog
) -> None:
    run("apply")
    _monitor(datadog, "search-errors")["options"]["renotify_interval"] = 10
    [dashboard] = datadog.objects["dashboard"].values()
    dashboard["widgets"][0]["definition"]["title"] = "Mine"
    planned = run("plan").output
    assert "    - options.renotify_interval: 10\n" in planned
    assert "~ dashboard search\n    ~ widgets[0].definition.title: 'Mine' → " in planned
    assert "0 created, 2 updated" in run("apply").output
    assert f"{COUNT} unchanged." in run("plan").output


def test_what_is_not_ours_is_never_touched(run: Run, datadog: FakeDatadog, folder: Path) -> None:
    shared = {"type": "query alert", "message": "", "options": {"thresholds": {"critical": 1}}}
    theirs = [
        datadog.create("monitor", shared | {"name": "Searches are slow", "query": "q > 1"}),
        datadog.create(
            "monitor",
            shared | {"name": "Near", "query": "q > 1", "tags": ["managed-by:gutenberg-explorer"]},
        ),
        datadog.create(
            "dashboard", {"title": "Gutenberg Explorer", "layout_type": "ordered", "widgets": []}
        ),
    ]
    before = json.dumps(theirs)
    assert f"{COUNT} created, 0 updated" in run("apply").output
    assert json.dumps(theirs) == before
    (folder / "monitors" / "search-traffic.json").unlink()
    assert "? only in Datadog: monitor search-traffic\n" in run("plan").output
    applied = run("apply").output
    assert applied.startswith("left alone: monitor search-traffic\n")
    assert _monitor(datadog, "search-traffic")
    assert not [request for request in datadog.requests if request.startswith("DELETE")]


def test_hundreds_of_others_do_not_hide_ours(run: Run, datadog: FakeDatadog) -> None:
    run("apply")
    others = {
        str(number): {**next(iter(datadog.objects["dashboard"].values())), "description": "-"}
        for number in range(250)
    }
    datadog.objects["dashboard"] = others | datadog.objects["dashboard"]
    assert run("plan").output == f"0 to create, 0 to update, {COUNT} unchanged.\n"


def test_an_export_after_an_apply_changes_no_file(run: Run, folder: Path) -> None:
    run("apply")
    assert run("export").output == f"0 new files, 0 changed files, {COUNT} unchanged.\n"
    assert _texts(folder) == {
        folder / p.relative_to(SHIPPED): t for p, t in _texts(SHIPPED).items()
    }


def test_an_export_takes_over_what_was_changed_in_datadog(
    run: Run, datadog: FakeDatadog, folder: Path
) -> None:
    run("apply")
    _monitor(datadog, "search-errors")["priority"] = 5
    missing = folder / "monitors" / "latency-burn-slow.json"
    before = missing.read_text()
    missing.unlink()
    exported = run("export").output
    assert "new file: monitor latency-burn-slow\n" in exported
    assert "changed file: monitor search-errors\n    ~ priority: 1 → 5\n" in exported
    assert json.loads((folder / "monitors" / "search-errors.json").read_text())["priority"] == 5
    assert missing.read_text() == before.replace("\\n${notify}", "")
    assert f"{COUNT} unchanged." in run("plan").output


def test_two_objects_of_one_key_are_told(run: Run, datadog: FakeDatadog) -> None:
    run("apply")
    datadog.create("monitor", _monitor(datadog, "search-errors"))
    result = run("plan")
    assert result.exit_code == 1
    assert "two objects for monitor search-errors" in result.output


def test_a_file_that_datadog_would_not_know_stops_before_anything_is_sent(
    run: Run, datadog: FakeDatadog, folder: Path
) -> None:
    _edit(folder / "monitors" / "search-errors.json", type="query alarm")
    result = run("apply")
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "search-errors.json: type: Datadog's client does not know query alarm" in result.output
    assert datadog.writes == []


def test_a_stopped_apply_goes_on_where_it_was(run: Run, datadog: FakeDatadog, folder: Path) -> None:
    file = folder / "monitors" / "search-errors.json"
    right = json.loads(file.read_text())
    _edit(file, options={"thresholds": {"critical": 9}})
    result = run("apply")
    assert result.exit_code == 1
    assert "refuses monitor search-errors (400): The value provided for" in result.output
    done = len(datadog.writes) - 1
    assert done > 3
    file.write_text(json.dumps(right))
    assert f"{COUNT - done} created, 0 updated, {done} unchanged." in run("apply").output
