"""The web page: its files, compressed beforehand, under a strict content security policy."""

import mimetypes
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from gutenberg_explorer.api.content_coding import accepted_codings
from gutenberg_explorer.api.problems import Problem
from gutenberg_explorer.api.running import running_of

WEB = Path(str(files("gutenberg_explorer"))) / "web"

router = APIRouter(include_in_schema=False)

_METHODS = ["GET", "HEAD"]
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
IMMUTABLE: Final = "public, max-age=31536000, immutable"
REVALIDATED: Final = "no-cache"
# Preact sets styles by the object model, which no policy counts as inline.
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("connect", "font", "img", "script", "style")),
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)


def _file(request: Request, path: Path, cache: str, status: int = 200) -> Response:
    headers = {
        "Content-Security-Policy": POLICY,
        "Cache-Control": cache,
        "Vary": "Accept-Encoding",
    }
    media_type, _ = mimetypes.guess_type(path.name)
    accepted = accepted_codings(request)
    for coding, suffix in _ENCODINGS:
        compressed = path.with_name(path.name + suffix)
        if coding in accepted and compressed.is_file():
            headers["Content-Encoding"] = coding
            path = compressed
            break
    return FileResponse(path, status, headers, media_type)


def index_page(request: Request, status: int = 200) -> Response:
    """Return the page itself, which shows what its address says. Raises Problem if not built.

    A search's trace begins in the page: it is told which share of its traces would be recorded,
    unless that is all of them.
    """
    path = WEB / "index.html"
    if not path.is_file():
        raise Problem(
            503, "The web page is not built", "Run `make run`, or install a released package."
        )
    sampled = running_of(request).backend.tracing.sampling_ratio
    if sampled == 1:
        return _file(request, path, REVALIDATED, status)
    # Small enough to go uncompressed, which the ready-made files can't.
    meta = f'<meta name="trace-sampling" content="{sampled!r}">\n  </head>'
    text = path.read_text("utf-8").replace("</head>", meta, 1)
    return HTMLResponse(
        text, status, {"Content-Security-Policy": POLICY, "Cache-Control": REVALIDATED}
    )


@router.api_route("/", methods=_METHODS)
@router.api_route("/library", methods=_METHODS)
@router.api_route("/read/{book_id}", methods=_METHODS)
@router.api_route("/traces", methods=_METHODS)
@router.api_route("/traces/{trace_id}", methods=_METHODS)
def page(request: Request) -> Response:
    """Return the page for one of its own addresses."""
    return index_page(request)


def _in_web(name: str) -> Path | None:
    """Return a file of the page, or None; never one outside of its folder."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.endswith((".br", ".gz")) or "\0" in name:
        return None
    path = WEB.joinpath(*parts)
    try:
        return path if path.is_file() and path.resolve().is_relative_to(WEB.resolve()) else None
    except OSError:  # a name that is too long for the file system
        return None


@router.api_route("/assets/{name:path}", methods=_METHODS)
def asset(request: Request, name: str) -> Response:
    """Return a file whose name changes with its content."""
    path = _in_web(f"assets/{name}")
    if path is None:
        raise Problem(404, detail="The page has no such file.")
    return _file(request, path, IMMUTABLE)


def other(request: Request) -> Response | None:
    """Return what is at an address that no route knows: a file of the page, or its "not found"."""
    if request.method not in _METHODS:
        return None
    path = _in_web(request.url.path.lstrip("/"))
    if path is not None:
        return _file(request, path, REVALIDATED)
    if "text/html" in request.headers.get("accept", "") and (WEB / "index.html").is_file():
        return index_page(request, 404)
    return None
