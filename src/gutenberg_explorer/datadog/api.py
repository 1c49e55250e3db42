"""Datadog's API, by its own client: requests that are tried again, and errors of one line."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from datadog_api_client import ApiClient, Configuration
from datadog_api_client.exceptions import ApiException
from datadog_api_client.rest import ClientRetry
from urllib3.exceptions import HTTPError, MaxRetryError, ResponseError

from gutenberg_explorer.datadog.kinds import (
    DASHBOARD,
    KINDS,
    MONITOR,
    OWNER,
    SLO,
    DatadogError,
    Kind,
    Object,
)

_TIMEOUT = (10, 60)
_PAGE = 100
_SCOPES = ", ".join(f"{kind.folder}_read, {kind.folder}_write" for kind in KINDS)


@dataclass(frozen=True)
class Live:
    """An object as Datadog has it."""

    id: str
    thing: Object


def _key(environ: Mapping[str, str], name: str) -> str:
    key = environ.get(name, "").strip()
    if not key:
        raise DatadogError(f"{name} is not set: Datadog needs DD_API_KEY and DD_APP_KEY.")
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise DatadogError(f"{name} contains characters that are not allowed in a key.")
    return key


def _address(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return how the client finds Datadog: by DD_SITE, or by the whole address in DD_HOST."""
    host = environ.get("DD_HOST", "").strip().rstrip("/")
    if not host:
        site = environ.get("DD_SITE", "").strip() or "datadoghq.com"
        return {"server_variables": {"site": site}}
    if not re.match(r"https://|http://(127\.0\.0\.1|localhost)(:\d+)?$", host):
        raise DatadogError(f"DD_HOST={host}: keys are only sent over https://.")
    return {"host": host}


class _Retry(ClientRetry):
    """Waits where Datadog asks for it; what may have had an effect is not sent twice."""

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        return status_code == 429 or (method in ("GET", "PUT") and status_code >= 500)

    def get_retry_after(self, response: Any) -> float | None:
        asked = super().get_retry_after(response)  # type: ignore[no-untyped-call]
        return None if asked is None else min(asked, 60.0)


def _client(environ: Mapping[str, str]) -> ApiClient:
    """Return Datadog's client, set up with keys and retries."""
    keys = {
        "DD-API-KEY": _key(environ, "DD_API_KEY"),
        "DD-APPLICATION-KEY": _key(environ, "DD_APP_KEY"),
    }
    # A redirection is an error: keys go nowhere else.
    retry = _Retry(total=4, connect=1, redirect=False, backoff_factor=0.5)
    configuration = Configuration(**_address(environ), retry_policy=retry)
    try:
        configuration.host  # noqa: B018 - says whether there is such a site
    except ValueError:
        raise DatadogError(f"DD_SITE={environ.get('DD_SITE')}: Datadog has no such site.") from None
    client = ApiClient(configuration)
    for header, key in keys.items():
        client.set_default_header(header, key)
    return client


class Datadog:
    """An organisation in Datadog, as `DD_API_KEY`, `DD_APP_KEY` and `DD_SITE` of `environ` say.

    Every method raises DatadogError when Datadog can't be reached or refuses.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._client = _client(environ)
        self._where = self._client.configuration.host

    def objects(self, kind: Kind) -> dict[str, Live]:
        """Return our objects of a kind, by their keys. Somebody else's are left out."""
        found: dict[str, Live] = {}
        for listed in self._listed(kind):
            key = kind.key(listed)
            if key is None:
                continue
            # The list of dashboards does not have their widgets.
            thing = self._ask("GET", f"{kind.path}/{listed['id']}") if kind is DASHBOARD else listed
            live = Live(str(listed["id"]), thing)
            if key in found:
                raise DatadogError(
                    f"Datadog has two objects for {kind.name} {key}: delete one of "
                    f"{found[key].id} and {live.id} there."
                )
            found[key] = live
        return found

    def create(self, kind: Kind, key: str, thing: Object) -> str:
        """Create an object; return its id."""
        answer = self._ask("POST", kind.path, kind.mark(thing, key), what=f"{kind.name} {key}")
        return str(answer["data"][0]["id"] if kind is SLO else answer["id"])

    def update(self, kind: Kind, key: str, live: Live, thing: Object) -> None:
        """Replace an object by another."""
        body = kind.mark(thing, key)
        if kind is MONITOR:
            body = _with_what_goes(body, kind.normal(live.thing))
        self._ask("PUT", f"{kind.path}/{live.id}", body, what=f"{kind.name} {key}")

    def _listed(self, kind: Kind) -> Iterator[Object]:
        for page in range(1_000):
            query: dict[str, Any]
            if kind is DASHBOARD:
                query = {"count": _PAGE, "start": page * _PAGE}
            elif kind is MONITOR:
                query = {"monitor_tags": OWNER, "page": page, "page_size": _PAGE}
            else:
                query = {"tags_query": OWNER, "limit": _PAGE, "offset": page * _PAGE}
            answer = self._ask("GET", kind.path, query=query)
            if kind is not MONITOR:
                answer = answer["dashboards" if kind is DASHBOARD else "data"]
            yield from answer
            if len(answer) < _PAGE:
                return

    def _ask(
        self,
        method: str,
        path: str,
        body: Object | None = None,
        query: dict[str, Any] | None = None,
        what: str = "",
    ) -> Any:
        try:
            response = self._client.call_api(
                path,
                method,
                query_params=list((query or {}).items()),
                body=body,
                header_params={"Accept": "application/json"},
                preload_content=False,
                request_timeout=_TIMEOUT,
            )
            return json.loads(response.data)
        except ApiException as error:
            self._refuse(error.status, error.body, what)
        except MaxRetryError as error:
            if isinstance(error.reason, ResponseError):
                status = re.search(r"\d{3}", str(error.reason))
                self._refuse(int(status[0]) if status else 0, None, what)
            raise DatadogError(f"{self._where} can't be reached: {_cause(error.reason)}") from None
        except HTTPError as error:
            raise DatadogError(f"{self._where} can't be reached: {_cause(error)}") from None
        except ValueError:
            raise DatadogError(f"{self._where} does not answer like Datadog.") from None

    def _refuse(self, status: int, body: Any, what: str) -> NoReturn:
        """Say why Datadog has refused."""
        if status == 401:
            raise DatadogError(f"{self._where} does not know DD_API_KEY (401): is DD_SITE right?")
        if status == 403:
            raise DatadogError(
                f"{self._where} refuses DD_API_KEY or DD_APP_KEY (403): is DD_SITE right, and has "
                f"the application key the scopes {_SCOPES}?"
            )
        if status == 429:
            raise DatadogError(
                f"{self._where} accepts no more requests at the moment (429): try again later."
            )
        raise DatadogError(f"{self._where} refuses {what or 'the request'} ({status}){_said(body)}")


def _with_what_goes(new: Object, old: Object) -> Object:
    """Return a monitor that names what the old one had and the new one has not, as none.

    An update of a monitor keeps what it does not name.
    """
    gone: Object = {name: None for name in old if name not in new}
    options = dict.fromkeys(old.get("options", {})) | new.get("options", {})
    return gone | new | {"options": options}


def _cause(error: Any) -> str:
    """Return an error's reason without the names and addresses of objects."""
    told = str(getattr(error, "reason", None) or error)
    return re.sub(r"^<?[\w.]+\(.*?\)?>?: ", "", " ".join(told.split()))


def _said(body: Any) -> str:
    """Return the errors that an answer of Datadog's names."""
    errors = body.get("errors") if isinstance(body, dict) else None
    return ": " + " ".join("; ".join(map(str, errors)).split()) if errors else "."
