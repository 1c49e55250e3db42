"""The backend emits what the contract lists, in good times and in bad, and nothing else."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from gutenberg_explorer.api.search_queue import SearchQueue
from gutenberg_explorer.corpus import CorpusError
from gutenberg_explorer.index.generation import Generation
from gutenberg_explorer.index.library_folder import LibraryFolder
from gutenberg_explorer.index.passage_index import PassageIndex
from gutenberg_explorer.index.writer import SegmentWriter
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.search.local import tfidf
from gutenberg_explorer.search.local.marks import Marker
from gutenberg_explorer.settings import Settings
from tests.api.part_of_backend import running_of
from tests.api.test_trace import recorder
from tests.conftest import client_of
from tests.contract import Judge
from tests.telemetry.recording import Recorder

__all__ = ["recorder"]


def _broken(*_: Any, **__: Any) -> Any:
    raise OSError("broken")


@contextmanager
def _serving(settings: Settings) -> Iterator[TestClient]:
    with client_of(Backend.open(settings)) as client:
        yield client


def test_the_backend_emits_the_contract(  # noqa: C901 - one scene after another
    recorder: Recorder,
    unindexed_settings: Settings,
    shelf_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge = Judge("search-backend")
    settings = unindexed_settings

    def during(scene: Callable[[], None]) -> None:
        scene()
        judge.judge(recorder.spans)
        recorder.resource_spans.clear()

    def good_times() -> None:
        (shelf_dir / "broken.txt").write_bytes(b"\0")
        with _serving(settings) as client:
            client.get("/search?q=love")
            client.get("/search?q=love&method=bm25")
            client.get("/books/whale/search?q=love")
            client.get("/search?q=")
            client.get("/books/whale")
            client.post("/search")

    def cut_searches() -> None:
        with _serving(settings.model_copy(update={"search_deadline": 1e-9})) as client:
            for path in ("/search?q=love", "/search?q=love&method=bm25"):
                assert client.get(path).json()["partial"]
            assert client.get("/books/whale/search?q=love").json()["partial"]

    def a_full_queue() -> None:
        with _serving(settings) as client:
            running_of(client.app).searches = SearchQueue(max_waiting=0)
            assert client.get("/search?q=love").status_code == 503
            assert client.get("/books/whale/search?q=love").status_code == 503

    def a_broken_search() -> None:
        with monkeypatch.context() as patched, _serving(settings) as client:
            patched.setattr(tfidf, "best_passage", _broken)
            patched.setattr(Marker, "marks", _broken)
            assert client.get("/search?q=love").status_code == 500
            assert client.get("/search?q=love&method=bm25").status_code == 500
            patched.setattr(PassageIndex, "count_by_book", _broken)
            patched.setattr(PassageIndex, "count", _broken)
            assert client.get("/search?q=love&method=bm25").status_code == 500
            assert client.get("/books/whale/search?q=love").status_code == 500

    def another_index() -> None:
        with monkeypatch.context() as patched:
            backend = Backend.open(settings)
            watcher = backend.watcher()
            backend.library.build()
            patched.setattr(LibraryFolder, "open_current", _broken)
            watcher.check()
            patched.undo()
            watcher.check()
            backend.library.build()
            watcher.check()
            backend.close()

    def a_damaged_index() -> None:
        for path in (settings.data_dir / "index").glob("libraries/*/*/norms"):
            path.write_bytes(b"")
        with _serving(settings):
            pass

    def a_failing_disk() -> None:
        shutil.rmtree(settings.data_dir / "index")
        for part, method in (
            (SegmentWriter, "finish"),
            (Generation, "norms"),
            (Generation, "publish"),
        ):
            with monkeypatch.context() as patched:
                patched.setattr(part, method, _broken)
                with pytest.raises(OSError, match="broken"):
                    Backend.open(settings)

    def no_books() -> None:
        for file in shelf_dir.iterdir():
            file.write_bytes(b"\0")
        with pytest.raises(CorpusError):
            Backend.open(settings)

    for scene in (
        good_times,
        cut_searches,
        a_full_queue,
        a_broken_search,
        another_index,
        a_damaged_index,
        a_failing_disk,
        no_books,
    ):
        during(scene)
    judge.assert_all_seen()


def test_the_judge_condemns_what_is_not_listed(recorder: Recorder, settings: Settings) -> None:
    with _serving(settings) as client:
        client.get("/search?q=love")
    (server,) = [span for span in recorder.spans if span.name == "GET /search"]
    judge = Judge("search-backend")
    judge.judge([server])
    with pytest.raises(AssertionError):
        judge.assert_all_seen()
    renamed = type(server)()
    renamed.CopyFrom(server)
    renamed.attributes.add(key="search.colour").value.string_value = "red"
    with pytest.raises(AssertionError, match=r"search\.colour"):
        judge.judge([renamed])
    renamed.kind = renamed.SPAN_KIND_INTERNAL
    with pytest.raises(AssertionError, match="GET /search, which is not listed"):
        judge.judge([renamed])
