"""Downloading a file: resumable, bounded, and never half there under its final name."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gutenberg_explorer._version import __version__
from gutenberg_explorer.corpus.book import Progress
from gutenberg_explorer.disk_errors import naming

if TYPE_CHECKING:
    from requests import Response

USER_AGENT = f"gutenberg-explorer/{__version__}"

_TIMEOUT = (5.0, 30.0)
_CHUNK = 64 * 1024


class DownloadFailed(Exception):
    """One request brought no file. The message is what the address did, as `answered 404`.

    `status` is the answer's, None where there was none; `retry_after` its header as it stood.
    """

    def __init__(
        self, problem: str, status: int | None = None, retry_after: str | None = None
    ) -> None:
        super().__init__(problem)
        self.status = status
        self.retry_after = retry_after


class TooLarge(DownloadFailed):
    """The file has more bytes than it may have."""


def _begun(part: Path, tag: Path) -> tuple[int, dict[str, str]]:
    """Return how many bytes are here of an interrupted download, and what asks for the rest."""
    have = part.stat().st_size if part.exists() else 0
    if not have:
        return 0, {}
    headers = {"Range": f"bytes={have}-"}
    validator = tag.read_text(encoding="latin-1") if tag.exists() else ""
    if validator and validator.isascii() and validator.isprintable():
        # A file that has changed meanwhile is sent whole (RFC 9110, 13.1.5).
        headers["If-Range"] = validator
    return have, headers


def _begin(part: Path, tag: Path, said: Mapping[str, str]) -> None:
    """Forget what was begun, and note by what its successor is to be known again."""
    part.unlink(missing_ok=True)
    tag.unlink(missing_ok=True)
    # A weak tag does not stand for the same bytes.
    strong = said.get("ETag", "").startswith('"')
    if validator := said.get("ETag" if strong else "Last-Modified"):
        tag.write_text(validator, encoding="latin-1")


def _check(response: "Response", have: int) -> int:
    """Return at which byte the answer's body begins. Raises DownloadFailed."""
    status, said = response.status_code, response.headers
    if status == 206:
        return have
    if status != 200:
        raise DownloadFailed(f"answered {status}", status, said.get("Retry-After"))
    return 0


def _is_other(response: "Response", have: int) -> bool:
    """Return whether the answer is about another file than the one that was begun."""
    covered = response.headers.get("Content-Range", "")
    if response.status_code == 206:
        return not covered.startswith(f"bytes {have}-")
    return response.status_code == 416 and covered != f"bytes */{have}"


def _receive(
    response: "Response", part: Path, done: int, max_bytes: int, task: str, progress: Progress
) -> None:
    length = response.headers.get("Content-Length")
    total = done + int(length) if length else None
    too_large = TooLarge(f"is larger than {max_bytes} bytes")
    if (total or 0) > max_bytes:
        raise too_large
    with part.open("ab" if done else "wb") as file:
        # As it is sent: a server that calls a .gz an encoding would have it unpacked here.
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            file.write(chunk)
            done += len(chunk)
            if done > max_bytes:
                raise too_large
            progress(task, done, total, "B")
    if total is not None and done < total:
        raise DownloadFailed("broke off")


def fetch(
    url: str,
    target: Path,
    *,
    max_bytes: int,
    task: str,
    progress: Progress,
    headers: Mapping[str, str] | None = None,
) -> Mapping[str, str]:
    """Download `url` to `target`, with one request, and return the answer's headers.

    What an interrupted download left is taken up again. Raises DownloadFailed, and OSError where
    the file can't be written.
    """
    with naming(target):
        return _fetch(url, target, max_bytes, task, progress, headers or {})


def _fetch(
    url: str,
    target: Path,
    max_bytes: int,
    task: str,
    progress: Progress,
    headers: Mapping[str, str],
) -> Mapping[str, str]:
    import requests  # noqa: PLC0415 - a fifth of a start's time, and most starts download nothing
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    part = target.with_name(target.name + ".part")
    tag = target.with_name(target.name + ".part-tag")
    target.parent.mkdir(parents=True, exist_ok=True)
    have, resuming = _begun(part, tag)
    sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **headers, **resuming}
    try:
        with requests.get(url, headers=sent, stream=True, timeout=_TIMEOUT) as response:
            said = response.headers
            if have and _is_other(response, have):
                part.unlink()
                raise DownloadFailed("has a different file than when the download started")
            if response.status_code != 416 or not have:
                start = _check(response, have)
                if not start:
                    _begin(part, tag, said)
                _receive(response, part, start, max_bytes, task, progress)
    except TooLarge:
        part.unlink(missing_ok=True)
        tag.unlink(missing_ok=True)
        raise
    except (requests.RequestException, HTTPError, ValueError):
        begun = part.exists() and part.stat().st_size != have
        raise DownloadFailed("broke off" if begun else "can't be reached") from None
    tag.unlink(missing_ok=True)
    part.replace(target)
    return said
