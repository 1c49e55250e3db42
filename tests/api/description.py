"""The OpenAPI description as requests, which Schemathesis makes and whose answers it judges."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from gutenberg_explorer.signals import TokenBucket
from tests.api.part_of_backend import running_of
from tests.conftest import LOCAL

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


def broken_promises(app: ASGIApp, examples: int, seed: int) -> tuple[int, list[str]]:
    """Return how many requests were made, and what the description promises but `app` breaks.

    Requests are good and bad ones, at the limits of each parameter and at random, the same for the
    same `seed`: `examples` at random for each operation and kind.
    """
    # It takes a second to load, in each process that collects the tests.
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema

    assert isinstance(app, FastAPI)
    running_of(app).span_rate = TokenBucket(rate=1e6, burst=1_000_000)
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": LOCAL,
            "headers": {"Host": "localhost"},
            "checks": {"enabled": False, **{check: {"enabled": True} for check in CHECKS}},
            "generation": {"max-examples": examples, "no-shrink": True},
        }
    )
    description = schemathesis.openapi.from_asgi(
        "/openapi.json", app, config=config, headers={"host": "localhost"}
    )
    requests = 0
    broken: list[str] = []
    for event in from_schema(description).execute():
        if isinstance(event, events.ScenarioFinished):
            requests += len(event.recorder.interactions)
            for checks in event.recorder.checks.values():
                broken += [
                    f"{event.label}: {check.failure_info.failure}"
                    for check in checks
                    if check.failure_info
                ]
        elif isinstance(event, events.NonFatalError | events.FatalError):
            broken.append(str(event))
    return requests, broken
