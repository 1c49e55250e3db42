"""The contract's metrics. Generated from contract.yaml by `make generate`."""

from typing import Literal, NamedTuple

from gutenberg_explorer.telemetry.names import MetricName


class Instrument(NamedTuple):
    """How a metric is measured; an `observed` one is read when metrics are collected."""

    kind: Literal["counter", "gauge", "histogram", "updowncounter"]
    unit: str
    brief: str
    buckets: tuple[float, ...] = ()
    observed: bool = False


INSTRUMENTS: dict[MetricName, Instrument] = {
    "http.server.request.duration": Instrument(
        "histogram",
        "s",
        "Duration of requests to the traced paths.",
        buckets=(
            0.0001,
            0.00025,
            0.0005,
            0.001,
            0.0025,
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10,
        ),
    ),
    "search.duration": Instrument(
        "histogram",
        "s",
        "Duration of searches over the whole library.",
        buckets=(
            0.0001,
            0.00025,
            0.0005,
            0.001,
            0.0025,
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10,
        ),
    ),
    "search.results": Instrument(
        "histogram",
        "{book}",
        "Books found by each search that succeeded.",
        buckets=(
            0,
            1,
            2,
            5,
            10,
            20,
            50,
            100,
            200,
            500,
            1000,
            2000,
            5000,
            10000,
        ),
    ),
    "search.dropped": Instrument(
        "counter",
        "{search}",
        "Searches that were not started, or not completed, in all books or inside one.",
    ),
    "index.size": Instrument(
        "gauge",
        "By",
        "Size of the files of the served index.",
    ),
    "index.books": Instrument(
        "gauge",
        "{book}",
        "Books in the served index.",
    ),
    "index.build.duration": Instrument(
        "histogram",
        "s",
        "Duration of builds and updates of the index.",
        buckets=(
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10,
            30,
            60,
            300,
            600,
            1800,
            3600,
        ),
    ),
    "process.memory.usage": Instrument(
        "updowncounter",
        "By",
        "Physical memory in use by the process.",
        observed=True,
    ),
    "process.cpu.time": Instrument(
        "counter",
        "s",
        "Processor time used by the process.",
        observed=True,
    ),
    "telemetry.spans.received": Instrument(
        "counter",
        "{span}",
        "Spans received in accepted requests.",
    ),
    "telemetry.spans.exported": Instrument(
        "counter",
        "{span}",
        "Spans exported.",
        observed=True,
    ),
    "telemetry.spans.dropped": Instrument(
        "counter",
        "{span}",
        "Spans dropped before they were exported.",
        observed=True,
    ),
    "telemetry.spans.queued": Instrument(
        "updowncounter",
        "{span}",
        "Spans that wait to be exported.",
        observed=True,
    ),
    "telemetry.export.duration": Instrument(
        "histogram",
        "s",
        "Duration of attempts to export a batch of spans.",
        buckets=(
            0.0001,
            0.00025,
            0.0005,
            0.001,
            0.0025,
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10,
        ),
    ),
}
