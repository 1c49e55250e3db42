"""Under load every answered search keeps its whole trace."""

from concurrent.futures import ThreadPoolExecutor

from fastapi.testclient import TestClient

from gutenberg_explorer.runtime.backend import Backend


def test_every_search_of_many_at_once_is_one_whole_trace(
    client: TestClient, backend: Backend
) -> None:
    def search(number: int) -> tuple[str, int]:
        answer = client.get("/search", params={"q": ["white", "whale", "love", "sea"][number % 4]})
        return answer.json()["trace_id"], answer.json()["total_results"]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(search, range(400)))
    assert len({trace_id for trace_id, _ in found}) == 400
    backend.tracing.flush()
    assert backend.trace_store is not None
    for trace_id, results in found:
        trace = backend.trace_store.trace(bytes.fromhex(trace_id))
        assert trace is not None
        spans = [s for r in trace.resource_spans for scope in r.scope_spans for s in scope.spans]
        ids = {s.span_id for s in spans}
        assert len(ids) == len(spans) == 8 + results
        assert [s.name for s in spans if s.parent_span_id not in ids] == ["GET /search"]
