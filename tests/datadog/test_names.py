"""Every name in a query is one that Datadog makes of what we emit, or one of outside.json."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from gutenberg_explorer.datadog import Folder
from gutenberg_explorer.datadog.kinds import KINDS
from tests.datadog.conftest import SHIPPED
from tests.datadog.names import Names, problems, span_problems

NAMES = Names.of(SHIPPED)
FOLDER = Folder(SHIPPED)
OBJECTS = {
    f"{kind.folder}/{key}": FOLDER.filled_in(kind, key, {})
    for kind in KINDS
    for name, key in FOLDER.things
    if name == kind.name
}


# Where names stand.
_FIELDS = ("query", "query_string", "facet", "metric", "field", "column")
_WORD = re.compile(r"@?[A-Za-z][\w./-]*")
# What is not ours to know, or has nothing to do with our names.
_FREE = {
    *("production", "satomichi", "OR", "by", "managed-by", "tag"),
    *("gutenberg-explorer", "error", "warn"),
}


def changed(thing: Any, change: Callable[[str], str], where: str = "") -> Any:
    """Return an object with each text changed in which names stand."""
    if isinstance(thing, list):
        return [changed(each, change, where) for each in thing]
    if isinstance(thing, dict):
        return {name: changed(value, change, name) for name, value in thing.items()}
    return change(thing) if isinstance(thing, str) and where in _FIELDS else thing


def words() -> list[tuple[str, str]]:
    """Return each name that stands in a query of a shipped file, with the file."""
    found: set[tuple[str, str]] = set()
    for file, thing in OBJECTS.items():

        def collect(query: str, file: str = file) -> str:
            if "${slo:" not in query:
                plain = re.sub(r"\$\w+", "", query)
                found.update((file, word.rstrip(".")) for word in _WORD.findall(plain))
            return query

        changed(thing, collect)
    return sorted((file, word) for file, word in found if word not in _FREE)


@pytest.mark.parametrize("file", sorted(OBJECTS))
def test_queries_use_names_that_there_are(file: str) -> None:
    assert list(problems(NAMES, OBJECTS[file])) == []


def test_there_are_queries() -> None:
    files = {file for file, _ in words()}
    assert files == {file for file in OBJECTS if "-burn-" not in file}
    assert len(words()) > 100


@pytest.mark.parametrize(("file", "word"), words())
def test_a_misspelt_name_is_found(file: str, word: str) -> None:
    last = max(match.end() for match in re.finditer("[A-Za-z]", word))
    wrong = f"{word[:last]}z{word[last:]}"
    here = re.compile(rf"(?<![\w@-]){re.escape(word)}(?![\w/-]|\.\w)")
    mutated = changed(OBJECTS[file], lambda query: here.sub(wrong, query))
    assert mutated != OBJECTS[file]
    assert list(problems(NAMES, mutated)), f"nobody noticed {wrong}"


@pytest.mark.parametrize("query", ['burn_rate("abc").over("30d") > 14.4', "sum:a{} > 1"])
def test_a_burn_rate_is_that_of_one_of_our_objectives(query: str) -> None:
    assert list(problems(NAMES, OBJECTS["monitors/latency-burn-slow"] | {"query": query}))


def test_a_message_names_what_the_query_groups_by() -> None:
    monitor = OBJECTS["monitors/pods-restarting"]
    assert list(problems(NAMES, monitor | {"message": "{{host.name}}"}))


@pytest.mark.parametrize(
    "query",
    [
        "p95:search.duration{service:search-backend}",
        "sum:search.duration{service:search-backend}.as_count()",
        "count:index.size{service:search-backend}.as_count()",
        "sum:telemetry.spans.dropped{service:search-backend}",
        "max:index.size{service:search-frontend}",
        "count:search.duration{search.outcome:fine}.as_count()",
        "sum:trace.Internal.hits{resource_name:search_api}.as_count()",
        "sum:trace.http.server.request.hits{search.method:bm25}.as_count()",
        "max:process.memory.usage{service:search-backend}",
        "max:index.size{*} by {book.id}",
        "max:index.size",
        "anomalies(max:index.size{service:search-backend}, 'basic', 2)",
    ],
)
def test_wrong_uses_of_real_names_are_found(query: str) -> None:
    assert list(problems(NAMES, {"data_source": "metrics", "name": "a", "query": query}))


@pytest.mark.parametrize(
    ("search", "facet"),
    [
        ("service:search-backend operation_name:search_api", "@duration"),
        ("service:search-frontend resource_name:search_api", "@duration"),
        ("service:search-backend resource_name:search_api", "@index.generation"),
        ("service:search-backend resource_name:search_api", "@http.route"),
        ("service:backend", "@duration"),
        ("@search.methods:bm25", "@duration"),
    ],
)
def test_searches_that_find_nothing_are_found(search: str, facet: str) -> None:
    query = {
        "data_source": "spans",
        "search": {"query": search},
        "compute": {"aggregation": "pc95", "metric": "@duration"},
        "group_by": [{"facet": facet, "sort": {}}],
    }
    assert list(problems(NAMES, query))


def test_searches_in_the_runbooks_find_spans() -> None:
    page = (SHIPPED.parents[1] / "docs" / "runbooks.md").read_text()
    searches = re.findall(r"`(service:\S+ resource_name:[^`]+)`", page)
    assert len(searches) >= 3
    for search in searches:
        assert list(span_problems(NAMES, search, [])) == []
    backend = [name for span in NAMES.spans for name in (*span["tags"], *span["numbers"])]
    facets = {facet.rstrip(".") for facet in re.findall(r"`(@[\w.]+)", page)} - {"@slack"}
    assert len(facets) > 5
    assert facets <= {*NAMES.span_facets, *(f"@{name}" for name in backend)}
