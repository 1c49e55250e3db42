"""The trace of one search as the design draws it, and as the store holds it."""

from contextlib import suppress
from dataclasses import dataclass, field

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from gutenberg_explorer.runtime.backend import Backend
from tests.waiting import wait_until

B, S = "search-frontend", "search-backend"


@dataclass
class Node:
    """A span by what matters of it: its name, kind and service, and its children by start."""

    name: str
    service: str
    kind: str = "INTERNAL"
    children: list["Node"] = field(default_factory=list)


def backend_tree(snippets: int, method: str = "bm25") -> Node:
    """Return the backend's half of a search with so many results."""
    snippet_nodes = [Node("generate_snippet", S) for _ in range(snippets)]
    steps = {
        "bm25": ["parse_query", "search_index"],
        "tfidf": ["preprocess_query", "vectorize_query", "compute_similarity"],
    }[method]
    ranked = Node(
        f"{method}_search",
        S,
        children=[
            *(Node(step, S) for step in steps),
            Node("process_results", S, children=snippet_nodes),
        ],
    )
    search = Node("search_api", S, children=[Node("perform_search", S, children=[ranked])])
    return Node("GET /search", S, "SERVER", [search])


def page_tree(server: Node) -> Node:
    """Return the whole tree of a search that the backend answers with `server`."""
    request = Node("http_request", B, "CLIENT", [server])
    return Node(
        "frontend_search",
        B,
        children=[
            Node("update_ui_loading", B),
            Node("prepare_api_request", B),
            Node("api_request_execute", B, children=[request, Node("parse_response", B)]),
            Node("process_search_results", B),
            Node("update_ui_final", B),
        ],
    )


def search_tree(snippets: int, method: str = "bm25") -> Node:
    """Return the whole tree of a search with so many results."""
    return page_tree(backend_tree(snippets, method))


def book_search_tree() -> Node:
    """Return the whole tree of a search inside one book."""
    steps = ["parse_query", "search_index", "process_results"]
    search = Node("search_book", S, children=[Node(step, S) for step in steps])
    return page_tree(Node("GET /books/{id}/search", S, "SERVER", [search]))


def stored_spans(backend: Backend, trace_id: str) -> list[tuple[str, Span]]:
    """Return a stored trace's spans with their services, in the order of their starts."""
    assert backend.trace_store is not None
    backend.tracing.flush()
    trace = backend.trace_store.trace(bytes.fromhex(trace_id))
    if trace is None:
        return []
    found = [
        (
            next(a.value.string_value for a in r.resource.attributes if a.key == "service.name"),
            span,
        )
        for r in trace.resource_spans
        for scope in r.scope_spans
        for span in scope.spans
    ]
    # The browser's clock is coarse: of two spans that start at once, the shorter was first.
    return sorted(found, key=lambda p: (p[1].start_time_unix_nano, p[1].end_time_unix_nano))


def stored_tree(backend: Backend, trace_id: str) -> list[Node]:
    """Return a stored trace as trees: one, where every parent is there."""
    spans = stored_spans(backend, trace_id)
    nodes = {
        span.span_id: Node(span.name, service, Span.SpanKind.Name(span.kind).split("_")[-1])
        for service, span in spans
    }
    roots: list[Node] = []
    for _, span in spans:
        parent = nodes.get(span.parent_span_id)
        (parent.children if parent else roots).append(nodes[span.span_id])
    return roots


def wait_for_tree(backend: Backend, trace_id: str, expected: Node) -> list[Node]:
    """Return the stored tree once it is the expected one, or what there is in the end."""
    with suppress(AssertionError):
        wait_until(lambda: stored_tree(backend, trace_id) == [expected], seconds=30)
    return stored_tree(backend, trace_id)


def wait_for_span(backend: Backend, trace_id: str, name: str) -> None:
    """Return once a trace's span of this name is stored. Raises AssertionError."""
    wait_until(lambda: any(s.name == name for _, s in stored_spans(backend, trace_id)), name)
