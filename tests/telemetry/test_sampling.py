import logging
import random

import pytest
from opentelemetry.sdk.trace.sampling import (
    ALWAYS_OFF,
    ALWAYS_ON,
    DEFAULT_OFF,
    DEFAULT_ON,
    Decision,
    ParentBasedTraceIdRatio,
    Sampler,
    TraceIdRatioBased,
)

from gutenberg_explorer.telemetry import span
from gutenberg_explorer.telemetry.recording.recorder import RandomIds
from gutenberg_explorer.telemetry.sampling import sampling_from
from tests.telemetry.otlp_endpoint import otlp_endpoint
from tests.telemetry.recording import recording


def described(sampler: Sampler) -> str:
    return str(sampler.get_description())


RATIO = {"OTEL_TRACES_SAMPLER_ARG": "0.25"}


@pytest.mark.parametrize(
    ("environ", "sampler", "ratio"),
    [
        ({}, DEFAULT_ON, 1),
        ({"OTEL_TRACES_SAMPLER": " "}, DEFAULT_ON, 1),
        ({"OTEL_TRACES_SAMPLER": "parentbased_always_on"}, DEFAULT_ON, 1),
        ({"OTEL_TRACES_SAMPLER": "parentbased_always_off"}, DEFAULT_OFF, 0),
        ({"OTEL_TRACES_SAMPLER": "always_on"}, ALWAYS_ON, 1),
        ({"OTEL_TRACES_SAMPLER": "ALWAYS_OFF"}, ALWAYS_OFF, 0),
        ({"OTEL_TRACES_SAMPLER": "traceidratio", **RATIO}, TraceIdRatioBased(0.25), 0.25),
        ({"OTEL_TRACES_SAMPLER": "traceidratio"}, ALWAYS_ON, 1),
        (
            {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", **RATIO},
            ParentBasedTraceIdRatio(0.25),
            0.25,
        ),
        ({"OTEL_TRACES_SAMPLER": "always_off", "OTEL_TRACES_SAMPLER_ARG": "x"}, ALWAYS_OFF, 0),
        ({"OTEL_TRACES_SAMPLER": "always_on", "OTEL_SDK_DISABLED": "True"}, ALWAYS_OFF, 0),
        ({"OTEL_SDK_DISABLED": "1"}, DEFAULT_ON, 1),
    ],
)
def test_the_standard_values(
    environ: dict[str, str], sampler: Sampler, ratio: float, caplog: pytest.LogCaptureFixture
) -> None:
    found = sampling_from(environ)
    assert described(found.sampler) == described(sampler)
    assert found.ratio == ratio
    assert caplog.messages == []


@pytest.mark.parametrize("argument", ["a quarter", "-0.1", "1.5", "nan", "inf"])
def test_an_argument_that_cannot_be_used(argument: str, caplog: pytest.LogCaptureFixture) -> None:
    environ = {
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": argument,
    }
    found = sampling_from(environ)
    assert found.ratio == 1
    assert described(found.sampler) == described(DEFAULT_ON)
    assert caplog.messages == [
        f"OTEL_TRACES_SAMPLER_ARG={argument} is not a number from 0 to 1: using 1"
    ]


@pytest.mark.parametrize("name", ["some", "xray", "parentbased_", "parentbased_parentbased"])
def test_a_sampler_that_is_not_known(name: str, caplog: pytest.LogCaptureFixture) -> None:
    found = sampling_from({"OTEL_TRACES_SAMPLER": name, **RATIO})
    assert described(found.sampler) == described(DEFAULT_ON)
    assert caplog.messages == [
        f"OTEL_TRACES_SAMPLER={name} is not supported: using parentbased_always_on"
    ]


def test_a_ratio_decides_by_the_low_half_of_the_trace_id() -> None:
    """The page decides so too: `frontend/tests/telemetry/sampling.test.ts` has the same ids."""
    sampler = sampling_from({"OTEL_TRACES_SAMPLER": "traceidratio", **RATIO}).sampler
    decided = {
        trace_id: sampler.should_sample(None, int(trace_id, 16), "x").decision
        for trace_id in ("f" * 16 + "3" + "f" * 15, "0" * 15 + "14" + "0" * 15)
    }
    assert list(decided.values()) == [Decision.RECORD_AND_SAMPLE, Decision.DROP]


def test_a_ratio_records_whole_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.25")
    ids = RandomIds()
    ids._bits = random.Random(7).getrandbits
    with recording(ids=ids) as recorder:
        for _ in range(1_000):
            with span("search_api"), span("perform_search"):
                pass
        tree = recorder.tree()
    assert 200 < len(tree) < 300
    assert all(trace == ["search_api", [["perform_search", []]]] for trace in tree)


@pytest.mark.parametrize(
    "environ", [{"OTEL_TRACES_SAMPLER": "always_off"}, {"OTEL_SDK_DISABLED": "true"}]
)
def test_what_is_not_sampled_is_not_exported(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with otlp_endpoint() as receiver, caplog.at_level(logging.WARNING):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
        with recording() as recorder:
            with span("search_api"):
                pass
            assert recorder.spans == []
    assert receiver.headers == []
    assert caplog.messages == []


def test_a_bad_value_is_warned_of_once_a_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "often")
    with recording() as recorder:
        for _ in range(3):
            with span("search_api"):
                pass
        assert len(recorder.spans) == 3
    assert len(caplog.messages) == 1
