"""Searches one after the other while something happens: what each was answered."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

SEARCHERS = 2
PAUSE = 0.05
MAX_SEARCHES = 2_000


@dataclass
class Answers:
    """What the searches were answered; `broken` are those that got no answer at all."""

    found: list[dict[str, Any]] = field(default_factory=list)
    refused: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def trace_ids(self) -> set[str]:
        """The traces of the searches that found something."""
        return {answer["trace_id"] for answer in self.found}


def _search(url: str, answers: Answers) -> None:
    try:
        with urlopen(url, timeout=15) as answer:
            answers.found.append(json.load(answer))
    except HTTPError as error:
        with error:
            told = json.load(error)
        answers.refused.append((error.code, error.headers["Content-Type"], told))
    except OSError as error:
        answers.broken.append(repr(error))


@contextmanager
def searches(address: str) -> Iterator[Answers]:
    """Search at a bounded rate until the block ends, and a little before and after what it does."""
    answers = Answers()
    ended = threading.Event()

    def search() -> None:
        for _ in range(MAX_SEARCHES):
            if ended.is_set():
                return
            _search(f"{address}/search?q=love&limit=3", answers)
            time.sleep(PAUSE)

    threads = [threading.Thread(target=search) for _ in range(SEARCHERS)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(1)
        yield answers
        time.sleep(1)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
