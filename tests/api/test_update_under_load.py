"""A library changes under a server that many ask: each answer is one of the old or of the new.

What is asked covers all that reads the index, and books that come and go. Once the server says that
it has taken up a library, no request that begins later is answered from an older one.
"""

import http.client
import json
import random
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from benchmarks.server import COMMAND, Server, environment, serving
from gutenberg_explorer.index import IndexStore
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import client_of
from tests.waiting import SECONDS, wait_until

pytestmark = pytest.mark.peers

THREADS, RATE = 10, 50
WORDS = ["whale", "ship", "sea", "storm", "garden", "love", "the", "of", "white", "captain"]
PATHS = [
    "/books",
    "/books?sort=title&author=sea",
    *(
        f"/search?q={query}&method={method}&limit=100"
        for query in ("whale", "white+whale", "%22of+the%22", "cap*", "love+-garden", "comer")
        for method in ("bm25", "tfidf")
    ),
    *(
        f"/books/{book}{rest}"
        for book in ("stayer-1", "goer", "comer")
        for rest in ("", "/text?offset=300&limit=900", "/text?align=true", "/search?q=white+whale")
    ),
]

# Status and body without what differs between two answers of one index.
Answer = tuple[int, Any]


def _write(folder: Path, names: list[str]) -> None:
    folder.mkdir()
    chance = random.Random(folder.name)
    for name in names:
        paragraphs = [" ".join([*chance.choices(WORDS, k=60), name]) for _ in range(80)]
        head = f"[{name.title()} by Ann Sea 1850]\n\n"
        (folder / f"{name}.txt").write_text(head + "\n\n".join(paragraphs))


def _comparable(status: int, body: bytes) -> Answer:
    answer = json.loads(body)
    answer.pop("trace_id", None)
    return status, answer


def _answers(settings: Settings) -> dict[str, Answer]:
    """Return what a library that does not change answers."""
    with client_of(Backend.open(settings)) as client:
        found = {path: client.get(path) for path in PATHS}
    return {path: _comparable(each.status_code, each.content) for path, each in found.items()}


@dataclass
class Load:
    """Asks a server until `stop`; what came back, by thread, with the state when it was asked.

    `state` is how many changes the server is known to have taken up.
    """

    url: str
    stop: threading.Event = field(default_factory=threading.Event)
    state: int = 0

    def ask(self, number: int) -> list[tuple[int, str, Answer]]:
        """Ask for all in turn at this thread's share of the rate, and return what came back."""
        got = []
        chance = random.Random(number)
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=SECONDS)
        while not self.stop.wait(THREADS / RATE):
            path, state = chance.choice(PATHS), self.state
            connection.request("GET", path)
            response = connection.getresponse()
            got.append((state, path, _comparable(response.status, response.read())))
        connection.close()
        return got


def _changed(env: dict[str, str], arguments: list[str], server: Server, snapshot: Path) -> str:
    """Run a command that changes the library, keep a copy of that, and wait for the server.

    Return the generation that the command has published.
    """
    subprocess.run(
        [*COMMAND, *arguments], env=env, check=True, capture_output=True, timeout=SECONDS
    )
    data_dir = Path(env["GUTENBERG_EXPLORER_DATA_DIR"])
    shutil.copytree(data_dir / "index", snapshot / "index")
    generation = IndexStore(data_dir).manifest().generation
    wait_until(lambda: generation in _reloads(server))
    return generation


def _reloads(server: Server) -> list[str]:
    """Return the generations that the server's `reload_index` traces say it has taken up."""
    found = server.get("/api/traces", operation="reload_index")["data"]
    spans = [span for trace in found for span in trace["spans"]]
    tags = [tag for span in spans if span["operationName"] == "open_index" for tag in span["tags"]]
    return [tag["value"] for tag in tags if tag["key"] == "index.generation"]


def test_each_answer_is_of_the_old_library_or_of_the_new(tmp_path: Path) -> None:
    _write(tmp_path / "first", [*(f"stayer-{number}" for number in range(12)), "goer"])
    _write(tmp_path / "more", ["comer", "newcomer"])
    shelf, data_dir = f"directory:{tmp_path / 'first'}", tmp_path / "data"
    env = environment(data_dir, GUTENBERG_EXPLORER_SHELF=shelf)
    changes = [
        ["corpus", "add", f"directory:{tmp_path / 'more'}"],
        ["corpus", "remove", "goer"],
        ["index", "build"],
    ]
    generations = []
    with serving(env) as server, ThreadPoolExecutor(THREADS) as threads:
        shutil.copytree(data_dir / "index", tmp_path / "0/index")
        load = Load(server.url)
        loads = [threads.submit(load.ask, number) for number in range(THREADS)]
        try:
            for number, arguments in enumerate(changes, 1):
                generations.append(_changed(env, arguments, server, tmp_path / str(number)))
                load.state = number
                time.sleep(1)
        finally:
            load.stop.set()
        got = [each.result() for each in loads]
        assert sorted(_reloads(server)) == sorted(generations)

    states = [
        _answers(Settings(data_dir=tmp_path / str(number), shelf=shelf))
        for number in range(len(changes) + 1)
    ]
    assert states[0]["/books/goer"][0] == states[1]["/books/comer"][0] == 200
    assert states[0]["/books/comer"][0] == states[2]["/books/goer"][0] == 404
    for answers in got:
        state = 0  # no thread ever sees the library go back
        for asked, path, answer in answers:
            state = max(state, asked)
            fits = [n for n in range(state, len(states)) if states[n][path] == answer]
            assert fits, (path, answer, state)
            state = fits[0]
    assert sum(map(len, got)) > 100
