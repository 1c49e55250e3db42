"""The kinds of objects, and the form in which a file and Datadog's answer can be compared.

Datadog adds to what it is given: ids, authors, times, and defaults. `normal` leaves out all of
that, and what is empty; an object that was applied has the same normal form as its file.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]


class DatadogError(Exception):
    """Datadog, its keys or the files can't be used; the message says why, without any key."""


OWNER = "managed-by:gutenberg-explorer"
_KEY = "managed-key:"
# Dashboards take no tags but those of teams, so their description says whose they are.
_MARK = re.compile(rf"\s*\[{OWNER} {_KEY}([\w-]+)\]\s*$")

# What Datadog answers for options that a monitor does not set.
OPTION_DEFAULTS: Object = {
    "enable_logs_sample": False,
    "escalation_message": "",
    "groupby_simple_monitor": False,
    "include_tags": True,
    "locked": False,
    "new_group_delay": 60,
    "new_host_delay": 300,
    "notification_preset_name": "show_all",
    "notify_audit": False,
    "notify_no_data": False,
    "on_missing_data": "default",
    "renotify_interval": 0,
    "timeout_h": 0,
}
_OPTIONS_OF_DATADOG = ("aggregation", "avalanche_window", "device_ids", "silenced")


@dataclass(frozen=True)
class Kind:
    """A kind of object: its folder of files, its path in the API, the fields of a file."""

    name: str
    folder: str
    path: str
    model: str
    fields: tuple[str, ...]
    trim: Callable[[Object], Object]
    key: Callable[[Object], str | None]
    """Tells the key of an object that was made from a file; None: it is somebody else's."""
    mark: Callable[[Object, str], Object]
    """Makes an object's key a part of it."""

    def normal(self, thing: Object) -> Object:
        """Return an object's fields as a file has them: sorted, without Datadog's additions."""
        known = {name: thing[name] for name in self.fields if name in thing}
        trimmed: Object = _filled(self.trim(known))
        return trimmed


def _filled(value: Any) -> Any:
    """Return a value without what is empty in it, with sorted names, and whole numbers as such."""
    if isinstance(value, Mapping):
        filled = {name: _filled(value[name]) for name in sorted(value)}
        return {name: each for name, each in filled.items() if each not in (None, "", [], {})}
    if isinstance(value, list):
        return [_filled(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _own_tags(tags: Iterable[str]) -> list[str]:
    return sorted(tag for tag in tags if tag != OWNER and not tag.startswith(_KEY))


def _key_of_tags(thing: Object) -> str | None:
    tags = thing.get("tags") or []
    keys = [tag.removeprefix(_KEY) for tag in tags if tag.startswith(_KEY)]
    return keys[0] if OWNER in tags and keys else None


def _tagged(thing: Object, key: str) -> Object:
    return thing | {"tags": [*thing.get("tags", []), OWNER, _KEY + key]}


def _trim_monitor(monitor: Object) -> Object:
    options = {
        name: value
        for name, value in (monitor.get("options") or {}).items()
        if name not in _OPTIONS_OF_DATADOG and value != OPTION_DEFAULTS.get(name)
    }
    if monitor.get("draft_status") == "published":
        monitor = {name: value for name, value in monitor.items() if name != "draft_status"}
    return monitor | {
        "message": (monitor.get("message") or "").strip(),
        "options": options,
        "tags": _own_tags(monitor.get("tags") or []),
    }


def _trim_slo(slo: Object) -> Object:
    shown = ("target_display", "warning_display")
    thresholds = [
        {name: value for name, value in threshold.items() if name not in shown}
        for threshold in slo.get("thresholds") or []
    ]
    # The older form of the same, which Datadog adds.
    added = {"query"} if slo.get("sli_specification") else set()
    rest = {name: value for name, value in slo.items() if name not in added}
    return rest | {"thresholds": thresholds, "tags": _own_tags(slo.get("tags") or [])}


def _key_of_description(dashboard: Object) -> str | None:
    found = _MARK.search(dashboard.get("description") or "")
    return found[1] if found else None


def _described(dashboard: Object, key: str) -> Object:
    mark = f"[{OWNER} {_KEY}{key}]"
    description = dashboard.get("description")
    return dashboard | {"description": f"{description}\n\n{mark}" if description else mark}


def _without_ids(widgets: list[Object]) -> list[Object]:
    trimmed = []
    for widget in widgets:
        definition = widget["definition"]
        if "widgets" in definition:
            definition = definition | {"widgets": _without_ids(definition["widgets"])}
        rest = {name: value for name, value in widget.items() if name != "id"}
        trimmed.append(rest | {"definition": definition})
    return trimmed


def _trim_dashboard(dashboard: Object) -> Object:
    variables = [
        # `default` is the older form of `defaults`, which Datadog adds.
        {n: v for n, v in variable.items() if n != "default" or "defaults" not in variable}
        for variable in dashboard.get("template_variables") or []
    ]
    return dashboard | {
        "description": _MARK.sub("", dashboard.get("description") or ""),
        "template_variables": variables,
        "widgets": _without_ids(dashboard.get("widgets") or []),
    }


SLO = Kind(
    "slo",
    "slos",
    "/api/v1/slo",
    "ServiceLevelObjectiveRequest",
    (
        *("name", "type", "description", "tags", "thresholds"),
        *("query", "sli_specification", "monitor_ids", "groups"),
    ),
    _trim_slo,
    _key_of_tags,
    _tagged,
)
MONITOR = Kind(
    "monitor",
    "monitors",
    "/api/v1/monitor",
    "Monitor",
    (
        *("name", "type", "query", "message", "tags", "options", "priority"),
        *("restricted_roles", "draft_status"),
    ),
    _trim_monitor,
    _key_of_tags,
    _tagged,
)
DASHBOARD = Kind(
    "dashboard",
    "dashboards",
    "/api/v1/dashboard",
    "Dashboard",
    (
        *("title", "description", "layout_type", "reflow_type", "template_variables"),
        *("template_variable_presets", "notify_list", "restricted_roles", "tags", "widgets"),
    ),
    _trim_dashboard,
    _key_of_description,
    _described,
)
# In this order, since monitors name SLOs and dashboards name both.
KINDS = (SLO, MONITOR, DASHBOARD)
