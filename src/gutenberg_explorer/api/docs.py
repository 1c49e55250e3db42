"""`GET /docs`: the OpenAPI description as a page without scripts, which needs no network."""

import base64
import hashlib
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from gutenberg_explorer.api.headers import LOCKED_POLICY
from gutenberg_explorer.api.problem_types import KNOWN

router = APIRouter(include_in_schema=False)

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
h1, h2 { font-family: Georgia, serif; }
section { border-top: 1px solid #8886; padding: .5rem 0 1rem; }
code, h3 { font-family: ui-monospace, monospace; }
h3 b { display: inline-block; min-width: 3.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8883; padding: .25rem .75rem .25rem 0; text-align: start;
  vertical-align: top; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"{LOCKED_POLICY}; style-src 'sha256-{_STYLE_HASH}'"


def _type(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_type(option) for option in schema["anyOf"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema["enum"])
    limits = [
        f"{sign} {schema[name]}"
        for name, sign in (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "length ≤"))
        if name in schema
    ]
    return ", ".join([str(schema.get("type", "any")), *limits])


def _default(schema: dict[str, Any]) -> str:
    value = schema.get("default")
    return "" if value is None else str(value)


def _parameters(operation: dict[str, Any]) -> str:
    rows = [
        f"<tr><td><code>{escape(p['name'])}</code></td><td>{escape(p['in'])}</td>"
        f"<td>{escape(_type(p['schema']))}</td>"
        f"<td>{escape(_default(p['schema']))}</td>"
        f"<td>{escape(p.get('description', ''))}</td></tr>"
        for p in operation.get("parameters", ())
    ]
    head = "<tr><th>name</th><th>in</th><th>type</th><th>default</th><th>meaning</th></tr>"
    return f"<table>{head}{''.join(rows)}</table>" if rows else ""


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    statuses = ", ".join(
        f"{status} {escape(response['description'])}"
        for status, response in operation["responses"].items()
    )
    return (
        f"<section><h3><b>{method.upper()}</b> {escape(path)}</h3>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        f"{_parameters(operation)}<p>Responses: {statuses}</p></section>"
    )


def _problems() -> str:
    rows = "".join(
        f'<tr id="{kind.anchor}"><td><code>{kind}</code></td><td>{kind.status}</td>'
        f"<td>{escape(kind.meaning)}</td></tr>"
        for kind in KNOWN
    )
    return (
        "<section><h2>Problems</h2><p>Every error is a problem document (RFC 9457). Its "
        "<code>type</code> is one of these, or <code>about:blank</code> if the status says enough."
        "</p><table><tr><th>type</th><th>status</th><th>meaning</th></tr>"
        f"{rows}</table></section>"
    )


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Return the description of the API for people."""
    described = request.app.openapi()
    operations = "".join(
        _operation(path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    )
    info = described["info"]
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])}: API</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>"
        f"<p>{escape(info['summary'])} The OpenAPI description: "
        f'<a href="/openapi.json">openapi.json</a>. <a href="/">Open the page</a></p>'
        f"{operations}{_problems()}</body></html>",
        headers={"Content-Security-Policy": _POLICY},
    )
