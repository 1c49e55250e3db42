"""What nginx has to know of the backend: headers, addresses, bounds, how errors look.

Written to `deploy/nginx/generated/` by `scripts/generate.py`, so that each fact has one source.
"""

import json
import re
from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.routing import APIRoute
from google.protobuf.json_format import MessageToJson

from gutenberg_explorer.api import (
    app,
    docs,
    gate,
    headers,
    otlp_receiver,
    otlp_status,
    pages,
    problems,
)
from gutenberg_explorer.api.problem_types import ProblemType
from gutenberg_explorer.settings import Settings
from gutenberg_explorer.signals.otlp.body import JSON, PROTOBUF

_MAX_BODY: int = Settings.model_fields["otlp_max_bytes"].default
_GONE = "The server is not available at the moment. Try again in a moment."
# Titles as in RFC 9110: those of `http.HTTPStatus` differ between Python's versions.
_PROBLEMS = {
    400: ("Bad Request", "The request is not valid HTTP."),
    404: ("Not Found", "There is no page at this URL."),
    405: ("Method Not Allowed", "This URL only supports GET and HEAD."),
    413: ("Content Too Large", f"The body is larger than {_MAX_BODY} bytes."),
    414: ("URI Too Long", f"The URL is longer than {gate.MAX_ADDRESS_BYTES} bytes."),
    431: (
        "Request Header Fields Too Large",
        f"The headers are larger than {gate.MAX_HEADER_BYTES} bytes.",
    ),
    500: ("Internal Server Error", "The log has the details."),
    502: ("Bad Gateway", _GONE),
    503: ("Service Unavailable", _GONE),
    504: ("Gateway Timeout", _GONE),
}
_NGINX_STATUS = {431: 494}
"""nginx's own numbers for what HTTP numbers otherwise."""
_ESCAPES = str.maketrans({"\\": r"\\", "'": r"\'", "\r": r"\r", "\n": r"\n", "\t": r"\t"})
_NEVER_OF_RECEIVER = (404, 405)
"""All of the receiver's paths are passed on, and the backend knows which there are."""


def _paths(router: APIRouter) -> list[str]:
    return [route.path for route in router.routes if isinstance(route, APIRoute)]


def _add_headers(values: dict[str, str]) -> str:
    return "".join(f'add_header {name} "{value}" always;\n' for name, value in values.items())


def _data_headers() -> str:
    return _add_headers(dict(headers.DEFAULTS))


def _page_headers(cache: str) -> str:
    own = {
        "Content-Security-Policy": pages.POLICY,
        "Cache-Control": cache,
        "Vary": "Accept-Encoding",
    }
    return _add_headers({**headers.DEFAULTS, **own})


def _pattern(paths: Iterable[str]) -> str:
    """Return a regular expression for paths with `{parameters}`."""
    parts = [re.split(r"\{\w+\}", path) for path in paths]
    return "|".join("[^/]+".join(map(re.escape, part)) for part in parts)


def _addresses() -> str:
    """Return the locations of the API and of the page."""
    data = {path for part in (*app.DATA, docs) for path in _paths(part.router)}
    first = sorted({"/" + path.split("/")[1] for path in (*data, app.DESCRIPTION)})
    page = [path for path in dict.fromkeys(_paths(pages.router)) if ":path" not in path]
    deeper = [path for path in page if path != "/"]
    return f"""\
location ~ "^(?:{_pattern(first)})(?:/|$)" {{
    proxy_pass http://backend;
    # Large bodies go on as they come, and not into files. The backend bounds how many wait.
    proxy_request_buffering off;
}}

location ~ "^(?:{_pattern(page)})$" {{
    include page-headers.conf;
    add_header Content-Encoding $content_encoding always;
    try_files /$coding/index.html /plain/index.html =404;
}}

location ~ "^(?<page>{_pattern(deeper)})/$" {{
    include data-headers.conf;
    return 307 $page$is_args$args;
}}
"""


def _bounds() -> str:
    """Return how much nginx lets through: what the backend does, or a little more."""
    return f"""\
client_max_body_size {_MAX_BODY};
client_body_buffer_size {otlp_receiver.MAX_BROWSER_BYTES};
large_client_header_buffers 4 {gate.MAX_ADDRESS_BYTES + 8 * 1024};
"""


def _error_form() -> str:
    """Return a map that tells the form of nginx's own errors: the OTLP receiver's, or none."""
    return f"""\
map "$uri $http_content_type" $otlp_form {{
    "~^{re.escape(otlp_status.PREFIX)}\\S* (?i){re.escape(PROTOBUF)}" -protobuf;
    "~^{re.escape(otlp_status.PREFIX)}" -json;
    default "";
}}
"""


def _statuses() -> str:
    """Return a location for each error and form that the OTLP receiver's clients can meet."""
    blocks = []
    for status, (_, detail) in _PROBLEMS.items():
        if status in _NEVER_OF_RECEIVER:
            continue
        answer = otlp_status.status_of(status, detail)
        encoded = answer.SerializeToString().decode("latin-1")
        for form, media, body in (
            ("json", JSON, MessageToJson(answer, indent=None)),
            ("protobuf", PROTOBUF, encoded),
        ):
            blocks.append(f"""\
location = /-/problem/{status}-{form} {{
    internal;
    types {{}}
    default_type {media};
    include data-headers.conf;
    return {status} {_quoted(body)};
}}
""")
    return "\n".join(blocks)


def _quoted(text: str) -> str:
    """Return a text as nginx reads it. In protobuf a code or a length can be any character."""
    if "$" in text:
        raise ValueError(f"nginx has no escape for the variable in {text!r}")
    return f"'{text.translate(_ESCAPES)}'"


def _problem_documents() -> str:
    """Return a location for each error of nginx's own, and what leads there."""
    blocks = []
    for status, (title, detail) in _PROBLEMS.items():
        members = problems.ProblemDocument(
            type=ProblemType.BLANK, title=title, status=status, detail=detail
        ).model_dump(exclude_none=True)
        document = json.dumps(members, separators=(",", ":")).removesuffix("}")
        own = _NGINX_STATUS.get(status)
        allow = '    add_header Allow "GET, HEAD" always;\n' if status == 405 else ""
        # What is not there is the page to a person.
        form = "" if status in _NEVER_OF_RECEIVER else "$otlp_form"
        target = "$unknown" if status == 404 else f"/-/problem/{status}{form}"
        blocks.append(f"""\
error_page {own or status} {f"={status} " if own else ""}{target};
location = /-/problem/{status} {{
    internal;
    types {{}}
    default_type {problems.MEDIA_TYPE};
    include data-headers.conf;
{allow}    return {status} '{document}$trace_member}}';
}}
""")
    return "\n".join(blocks)


def files() -> dict[str, str]:
    """Return the text of each file under its name."""
    texts = {
        "addresses.conf": _addresses(),
        "asset-headers.conf": _page_headers(pages.IMMUTABLE),
        "bounds.conf": _bounds(),
        "data-headers.conf": _data_headers(),
        "page-headers.conf": _page_headers(pages.REVALIDATED),
        "error-form.conf": _error_form(),
        "problems.conf": _problem_documents(),
        "statuses.conf": _statuses(),
    }
    note = "# Generated from src/gutenberg_explorer/api/ by `make generate`.\n\n"
    return {name: note + text for name, text in texts.items()}
