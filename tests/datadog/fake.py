"""A Datadog to test against: an HTTP server that keeps objects and answers as the real API does.

It adds what Datadog adds (ids, authors, times, defaults, older forms of fields), keeps of a monitor
what an update does not name, and refuses what Datadog refuses.
"""

import copy
import itertools
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

API_KEY, APP_KEY = "a" * 32, "b" * 40
Object = dict[str, Any]

MONITOR_OPTIONS: Object = {
    "aggregation": {"group_by": "host", "metric": "metrics", "type": "avg"},
    "avalanche_window": None,
    "enable_logs_sample": False,
    "escalation_message": "",
    "evaluation_delay": None,
    "groupby_simple_monitor": False,
    "include_tags": True,
    "locked": False,
    "new_group_delay": 60,
    "new_host_delay": 300,
    "no_data_timeframe": None,
    "notification_preset_name": "show_all",
    "notify_audit": False,
    "notify_no_data": False,
    "on_missing_data": "default",
    "renotify_interval": 0,
    "renotify_statuses": None,
    "silenced": {},
    "timeout_h": 0,
}


class Refused(Exception):
    """A request that is answered with 400."""


class FakeDatadog:
    """The objects of an organisation. `trouble` holds answers for the next requests.

    `trouble_of` does so for those of one method.
    """

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Object]] = {"dashboard": {}, "monitor": {}, "slo": {}}
        self.requests: list[str] = []
        self.trouble: list[tuple[int, dict[str, str]]] = []
        self.trouble_of: dict[str, list[tuple[int, dict[str, str]]]] = {}
        self.url = ""
        self._numbers = itertools.count(1001)

    @property
    def writes(self) -> list[str]:
        return [request for request in self.requests if not request.startswith("GET")]

    def _time(self) -> str:
        return f"2026-11-22T12:00:{next(self._numbers) % 60:02}.123456+00:00"

    def create(self, kind: str, body: Object) -> Object:
        number = next(self._numbers)
        known = {
            "dashboard": f"abc-{number}-xyz",
            "monitor": number,
            "slo": f"{number:032x}",
        }[kind]
        return self._keep(kind, known, body, {})

    def update(self, kind: str, known: str, body: Object) -> Object:
        old = self.objects[kind][known]
        return self._keep(kind, old["id"], body, old)

    def _keep(self, kind: str, known: Any, body: Object, old: Object) -> Object:
        kept: Object = getattr(self, f"_{kind}")(copy.deepcopy(body), old)
        kept["id"] = known
        self.objects[kind][str(known)] = kept
        return kept

    def _dashboard(self, body: Object, old: Object) -> Object:
        if any(not tag.startswith("team:") for tag in body.get("tags") or []):
            raise Refused("Invalid tags: only tags with the key team are allowed")
        for widget in body["widgets"]:
            self._number(widget)
        for variable in body.get("template_variables") or []:
            variable.setdefault("available_values", [])
            variable["default"] = variable.get("defaults", ["*"])[0]
        return {
            "author_handle": "someone@example.org",
            "author_name": "Someone",
            "created_at": old.get("created_at", self._time()),
            "modified_at": self._time(),
            "url": "/dashboard/abc/gutenberg-explorer",
            "description": None,
            "experience_type": "default",
            "is_read_only": False,
            "notify_list": None,
            "restricted_roles": [],
            "tags": [],
            "template_variables": None,
            **body,
        }

    def _number(self, widget: Object) -> None:
        widget["id"] = next(self._numbers) * 1_000_003
        for inner in widget["definition"].get("widgets", []):
            self._number(inner)

    def _monitor(self, body: Object, old: Object) -> Object:
        merged = {**old, **body}
        merged["options"] = {
            **MONITOR_OPTIONS,
            **old.get("options", {}),
            **{name: value for name, value in body.get("options", {}).items() if value is not None},
        }
        for name, value in body.get("options", {}).items():
            if value is None:
                merged["options"][name] = MONITOR_OPTIONS.get(name)
        threshold = float(re.split(r"[<>]=? ", merged["query"])[-1])
        critical = merged["options"]["thresholds"]["critical"]
        if threshold != critical:
            raise Refused(
                "The value provided for parameter 'query' is invalid: Alert threshold "
                f"({critical}) does not match that used in the query ({threshold})."
            )
        for slo in re.findall(r'burn_rate\("([^"]*)"\)', merged["query"]):
            if slo not in self.objects["slo"]:
                raise Refused(f"SLO {slo} not found")
        merged["options"]["thresholds"] = {
            name: float(value) for name, value in merged["options"]["thresholds"].items()
        }
        merged["tags"] = [tag.lower() for tag in merged.get("tags") or []]
        merged["message"] = merged["message"].rstrip()
        return {
            "created": old.get("created", self._time()),
            "creator": {"email": "someone@example.org", "handle": "someone@example.org"},
            "deleted": None,
            "draft_status": "published",
            "matching_downtimes": [],
            "multi": " by {" in merged["query"],
            "overall_state": "No Data",
            "priority": None,
            "restricted_roles": None,
            **merged,
            "modified": self._time(),
        }

    def _slo(self, body: Object, old: Object) -> Object:
        for threshold in body["thresholds"]:
            threshold["target_display"] = f"{threshold['target']}"
            if "warning" in threshold:
                threshold["warning_display"] = f"{threshold['warning']}"
        if body["type"] == "metric" and "sli_specification" in body:
            body["query"] = {"numerator": "…", "denominator": "…"}
        first = body["thresholds"][0]
        return {
            "created_at": old.get("created_at", next(self._numbers)),
            "creator": {"email": "someone@example.org", "id": 1, "name": "Someone"},
            "description": None,
            "monitor_tags": [],
            "timeframe": first["timeframe"],
            "target_threshold": first["target"],
            "warning_threshold": first.get("warning"),
            "type_id": 1,
            **body,
            "tags": sorted(body.get("tags") or []),
            "modified_at": next(self._numbers),
        }

    def listed(self, kind: str, query: dict[str, list[str]]) -> Any:
        def number(name: str) -> int:
            return int(query[name][0])

        everything = list(self.objects[kind].values())
        if kind == "dashboard":
            start = number("start")
            names = ("id", "title", "description", "author_handle", "created_at", "modified_at")
            page = everything[start : start + number("count")]
            return {"dashboards": [{name: each[name] for name in names} for each in page]}
        wanted = query["monitor_tags" if kind == "monitor" else "tags_query"][0]
        tagged = [each for each in everything if wanted in each["tags"]]
        if kind == "monitor":
            size = number("page_size")
            return tagged[number("page") * size :][:size]
        return {"data": tagged[number("offset") :][: number("limit")], "error": None}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    datadog: FakeDatadog

    def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        url = urlsplit(self.path)
        self.datadog.requests.append(f"{self.command} {url.path}")
        if trouble := self.datadog.trouble or self.datadog.trouble_of.get(self.command):
            status, headers = trouble.pop(0)
            self._answer(status, {"errors": ["Something about it"]}, headers)
        elif self.headers.get("DD-API-KEY") != API_KEY:
            self._answer(401, {"errors": ["Unauthorized"]})
        elif self.headers.get("DD-APPLICATION-KEY") != APP_KEY:
            self._answer(403, {"errors": ["Forbidden"]})
        else:
            self._serve(url.path.removeprefix("/api/v1/").split("/"), parse_qs(url.query), body)

    def _serve(self, path: list[str], query: dict[str, list[str]], body: Any) -> None:
        kind, known = path[0], path[1] if len(path) > 1 else None
        if kind not in self.datadog.objects or (
            known is not None and known not in self.datadog.objects[kind]
        ):
            self._answer(404, {"errors": ["Not found"]})
            return
        try:
            if self.command == "GET":
                answer = (
                    self.datadog.objects[kind][known] if known else self.datadog.listed(kind, query)
                )
            else:
                kept = (
                    self.datadog.update(kind, known, body)
                    if known
                    else self.datadog.create(kind, body)
                )
                answer = {"data": [kept], "error": None} if kind == "slo" else kept
        except Refused as refused:
            self._answer(400, {"errors": [str(refused)]})
        else:
            self._answer(200, answer)

    do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[FakeDatadog]:
    """Serve an empty Datadog for the length of a `with` block."""
    datadog = FakeDatadog()
    handler = type("Handler", (_Handler,), {"datadog": datadog})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        datadog.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield datadog
        finally:
            server.shutdown()
