"""A hundred thousand bodies that are nearly right, at the door of the whole app."""

import asyncio
import gc
import logging
import os
from collections import Counter
from typing import Any

import psutil
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from gutenberg_explorer import signals
from gutenberg_explorer.api import create_app
from gutenberg_explorer.runtime.backend import Backend
from gutenberg_explorer.settings import Settings
from gutenberg_explorer.signals import TokenBucket
from tests.api.part_of_backend import running_of
from tests.peers.mutations import Body, bodies
from tests.signals.otlp.decoding import whole
from tests.soak import SEED, share_of

pytestmark = [pytest.mark.peers, pytest.mark.soak]

BODIES = share_of(100_000)
MAX_GROWTH = 64 * 1024 * 1024
"""How much more memory the process may hold at the end than half-way, when all kinds have come."""

EXPECTED = {200, 400, 413, 415}


async def _status(app: Any, body: Body) -> int:
    headers = [(b"host", b"localhost"), (b"content-type", body.media.encode())]
    if body.encoding:
        headers.append((b"content-encoding", body.encoding.encode()))
    if body.browser:
        headers += [(b"origin", b"http://localhost"), (b"sec-fetch-site", b"same-origin")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/traces",
        "raw_path": b"/v1/traces",
        "query_string": b"",
        "headers": headers,
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body.content, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return int(sent[0]["status"])


def _memory() -> int:
    gc.collect()
    return int(psutil.Process(os.getpid()).memory_info().rss)


async def _statuses(app: Any) -> tuple[Counter[int], int]:
    """Send every body; return how many were answered with each status, and the memory's growth."""
    statuses: Counter[int] = Counter()
    settled = 0
    for number, body in enumerate(bodies(BODIES, SEED)):
        statuses[await _status(app, body)] += 1
        if number == BODIES // 2:
            settled = _memory()
    return statuses, _memory() - settled


def test_no_body_breaks_the_door_or_gets_in_unless_it_is_good(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    backend = Backend.open(settings)
    store = backend.trace_store
    assert store is not None
    app = create_app(backend)
    running_of(app).span_rate = TokenBucket(rate=1e9, burst=10**9)
    with caplog.at_level(logging.WARNING):
        statuses, growth = asyncio.run(_statuses(app))
    assert set(statuses) == EXPECTED, statuses
    assert min(statuses[200], statuses[400]) > BODIES // 10, statuses
    assert caplog.records == []
    assert growth < MAX_GROWTH
    held = store.find(signals.TraceQuery(limit=100_000))
    assert len(held) > BODIES // 1_000
    for trace in held:
        assert signals.to_jaeger(trace)["spans"]
        _assert_good(trace)
    backend.close()


def _assert_good(trace: signals.StoredTrace) -> None:
    """Hand a stored trace in once more: it has to be let in as it stands."""
    once_more = ExportTraceServiceRequest(resource_spans=trace.resource_spans)
    sent = once_more.SerializeToString()
    outcome = signals.Outcome()
    admission = signals.Admission(signals.Policy(browser=False), outcome)
    admitted = admission.admit(whole(sent, "application/x-protobuf").resource_spans)
    assert outcome.rejected == 0
    assert not {change for change in outcome.changed if "service.name" not in change}
    before = [s.spans for rs in trace.resource_spans for s in rs.scope_spans]
    after = [s.spans for rs in admitted for s in rs.scope_spans]
    assert before == after
