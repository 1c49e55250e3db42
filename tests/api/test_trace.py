"""The whole traces that the backend makes, with fixed ids and a fixed clock."""

from pathlib import Path
from typing import Any

import pytest

from gutenberg_explorer import telemetry
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from tests.conftest import client_of
from tests.telemetry.recording import CountingIds, Recorder, attributes, counting_clock

TRACE_ID, PARENT_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"

SEARCH_TREE = [
    "GET /search",
    [
        [
            "search_api",
            [
                [
                    "perform_search",
                    [
                        [
                            "tfidf_search",
                            [
                                ["preprocess_query", []],
                                ["vectorize_query", []],
                                ["compute_similarity", []],
                                [
                                    "process_results",
                                    [["generate_snippet", []], ["generate_snippet", []]],
                                ],
                            ],
                        ]
                    ],
                ]
            ],
        ]
    ],
]


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Record what a backend that is opened after this emits, instead of storing it."""
    recorder = Recorder()
    start = telemetry.start

    def start_recording(version: str, sink: Any, **more: Any) -> telemetry.Tracing:
        recorder.tracing = start(
            version, recorder.add, ids=CountingIds(), clock=counting_clock(), **more
        )
        return recorder.tracing

    monkeypatch.setattr(telemetry, "start", start_recording)
    return recorder


def _search(settings: Settings, params: dict[str, Any]) -> None:
    with client_of(Backend.open(settings)) as client:
        client.get(
            "/search", params=params, headers={"traceparent": f"00-{TRACE_ID}-{PARENT_ID}-01"}
        )
        client.get("/healthz")
        client.get("/readyz")
        client.get("/api/services")
        client.get("/")


def test_a_search_is_one_trace_under_its_caller(recorder: Recorder, settings: Settings) -> None:
    _search(settings, {"q": "white whale"})
    assert recorder.tree(bytes.fromhex(TRACE_ID)) == [SEARCH_TREE]
    found = [s for s in recorder.spans if s.trace_id.hex() == TRACE_ID]
    assert found[0].parent_span_id.hex() == PARENT_ID
    for child in found[1:]:
        parent = next(s for s in found if s.span_id == child.parent_span_id)
        assert parent.start_time_unix_nano < child.start_time_unix_nano
        assert child.end_time_unix_nano < parent.end_time_unix_nano
    told = {s.name: attributes(s) for s in found[1:]}
    score = told["perform_search"].pop("search.top_score")
    assert score == pytest.approx(0.7, abs=0.1)
    generation = told["tfidf_search"].pop("index.generation")
    assert generation.startswith("20")
    assert told == {
        "search_api": {
            "search.query": "white whale",
            "search.method": "tfidf",
            "search.limit": 20,
            "search.offset": 0,
            "search.results_count": 2,
        },
        "perform_search": {"search.method": "tfidf", "search.results_count": 2},
        "tfidf_search": {"index.books_count": 3},
        "preprocess_query": {"search.terms_count": 2},
        "vectorize_query": {"search.known_terms_count": 2},
        "compute_similarity": {"search.candidates_count": 2},
        "process_results": {"search.results_count": 2},
        "generate_snippet": {"book.id": "garden", "search.matches_count": 1},
    }


def test_only_books_and_search_are_traced(recorder: Recorder, settings: Settings) -> None:
    _search(settings, {"q": "love"})
    assert [s.name for s in recorder.spans if not s.parent_span_id] == ["app_startup"]


def test_a_refused_search_is_a_trace_too(recorder: Recorder, settings: Settings) -> None:
    _search(settings, {"q": ""})
    assert recorder.tree(bytes.fromhex(TRACE_ID)) == [["GET /search", []]]


def test_a_start_is_a_trace_and_a_later_one_links_to_it(
    recorder: Recorder, unindexed_settings: Settings
) -> None:
    Backend.open(unindexed_settings).close()
    book = ["process_book", []]
    assert recorder.tree() == [
        [
            "app_startup",
            [
                ["load_gutenberg_corpus", [book, book, book]],
                ["tfidf_vectorization", []],
                ["publish_index", []],
            ],
        ]
    ]
    told = {s.name: attributes(s) for s in recorder.spans}
    generation = told["tfidf_vectorization"].pop("index.generation")
    assert told["publish_index"].pop("index.generation") == generation
    assert told["publish_index"].pop("index.bytes") > 1_000
    assert told == {
        "app_startup": {"index.state": "built"},
        "load_gutenberg_corpus": {
            "corpus.source": "directory",
            "corpus.books_count": 3,
            "corpus.skipped_count": 0,
        },
        "process_book": {"book.id": "whale", "book.title": "The Whale", "book.word_count": 9},
        "tfidf_vectorization": {"index.terms_count": 13, "index.postings_count": 15},
        "publish_index": {"index.books_count": 3},
    }
    built = next(s for s in recorder.spans if s.name == "tfidf_vectorization")

    recorder.resource_spans.clear()
    Backend.open(unindexed_settings).close()
    assert recorder.tree() == [["app_startup", [["open_index", []]]]]
    startup, opened = recorder.spans
    assert attributes(startup) == {"index.state": "opened"}
    (link,) = opened.links
    assert (link.trace_id, link.span_id) == (built.trace_id, built.span_id)
    told = {s.name: attributes(s) for s in recorder.spans}
    assert told["open_index"].pop("index.bytes") > 500
    assert told["open_index"] == {"index.generation": generation, "index.books_count": 3}


def test_an_unreadable_book_is_an_error_of_its_span_alone(
    recorder: Recorder, unindexed_settings: Settings, shelf_dir: Path
) -> None:
    (shelf_dir / "broken.txt").write_bytes(b"\x00")
    Backend.open(unindexed_settings).close()
    failed = [s for s in recorder.spans if "error.type" in attributes(s)]
    assert [attributes(s) for s in failed] == [
        {"book.id": "broken", "error.type": "UnreadableBook"}
    ]
