"""Asking a mirror for files as a guest does: one at a time, with pauses, and with a name.

Project Gutenberg's robot policy asks for a pause between requests and for mirrors instead of the
main site.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from gutenberg_explorer.corpus.book import CorpusError, Progress, no_progress
from gutenberg_explorer.corpus.download import USER_AGENT, DownloadFailed, TooLarge, fetch
from gutenberg_explorer.retry_after import seconds_to_wait

_ATTEMPTS = 5
_FIRST_BACKOFF = 1.0
_LONGEST_WAIT = 300.0
_REFUSALS = (401, 403, 451)
_BUSY = (429, 503)


class MissingFile(Exception):
    """The mirror has no such file."""


class MirrorFault(Exception):
    """The mirror failed, again and again, to send one file; the message is what it did."""


def _asked_wait(url: str, failure: DownloadFailed) -> float:
    """Return how many seconds the server asks to wait. Raises where it's not to be asked."""
    status = failure.status
    if status in (404, 410):
        raise MissingFile(url) from None
    if status in _REFUSALS:
        raise CorpusError(
            f"{url} {failure}: this site does not allow automated downloads. Set "
            "GUTENBERG_EXPLORER_GUTENBERG_MIRROR to a mirror of Project Gutenberg, or to a "
            "folder that contains a mirror."
        ) from None
    odd = status is not None and status < 500 and status not in (408, 429)
    if odd or isinstance(failure, TooLarge):
        raise MirrorFault(str(failure)) from None
    wait = seconds_to_wait(failure.retry_after) or 0.0
    if wait > _LONGEST_WAIT:
        raise CorpusError(
            f"{url} asks for a wait of {wait:.0f} seconds: run the command again then. "
            "Finished downloads are kept."
        ) from None
    return wait


def _given_up(url: str, failure: DownloadFailed) -> Exception:
    if failure.status in _BUSY:
        return CorpusError(
            f"{url} {failure} {_ATTEMPTS} times: run the command again later, or set "
            "GUTENBERG_EXPLORER_GUTENBERG_PAUSE higher. Finished downloads are kept."
        )
    if failure.status:
        return MirrorFault(f"{failure} {_ATTEMPTS} times")
    return CorpusError(
        f"{url} {failure}, {_ATTEMPTS} times: check the network and "
        "GUTENBERG_EXPLORER_GUTENBERG_MIRROR, and run the command again. Finished downloads "
        "are kept."
    )


class Client:
    """Fetches files with at least `pause` seconds between one answer and the next request."""

    def __init__(
        self,
        pause: float,
        contact: str | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pause = pause
        self._agent = f"{USER_AGENT} ({contact})" if contact else USER_AGENT
        self._clock = clock
        self._sleep = sleep
        self._next = float("-inf")

    def fetch(
        self,
        url: str,
        target: Path,
        *,
        max_bytes: int,
        task: str = "",
        progress: Progress = no_progress,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, str] | None:
        """Download `url` to `target`; return the answer's headers, or None for "not modified".

        Raises MissingFile, MirrorFault for a server's error that stays, and CorpusError where it
        is of no use to go on: a refusal, no connection, or a wait that is too long.
        """
        attempt = 0
        while True:
            attempt += 1
            self._wait(self._next - self._clock())
            try:
                return fetch(
                    url,
                    target,
                    max_bytes=max_bytes,
                    task=task,
                    progress=progress,
                    headers={"User-Agent": self._agent, **(headers or {})},
                )
            except DownloadFailed as failure:
                if failure.status == 304:
                    return None
                wait = _asked_wait(url, failure)
                if attempt == _ATTEMPTS:
                    raise _given_up(url, failure) from None
            finally:
                self._next = self._clock() + self._pause
            self._wait(max(wait, _FIRST_BACKOFF * 2 ** (attempt - 1)))

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)
