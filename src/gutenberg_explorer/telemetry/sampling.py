"""Which traces are recorded: OpenTelemetry's standard variables, read for backend and page."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass

from opentelemetry.sdk.trace.sampling import (
    ALWAYS_OFF,
    ALWAYS_ON,
    ParentBased,
    Sampler,
    TraceIdRatioBased,
)

from gutenberg_explorer.telemetry.environment import sdk_is_disabled

logger = logging.getLogger(__name__)

_PARENT_BASED = "parentbased_"
_DEFAULT = "parentbased_always_on"
_RATIOS = {"always_on": 1.0, "always_off": 0.0}
_BY_RATIO = "traceidratio"


@dataclass(frozen=True, slots=True)
class Sampling:
    """What decides whether a trace is recorded."""

    sampler: Sampler

    ratio: float
    """The share of new traces that are recorded, 0 to 1; the page decides by it for its own."""


def sampling_from(environ: Mapping[str, str] = os.environ) -> Sampling:
    """Return the sampling that OpenTelemetry's variables ask for.

    A value that can't be used costs one warning, and the standard's default takes its place.
    """
    if sdk_is_disabled(environ):
        return Sampling(ALWAYS_OFF, 0.0)
    name = environ.get("OTEL_TRACES_SAMPLER", "").strip().lower() or _DEFAULT
    root = name.removeprefix(_PARENT_BASED)
    if root == _BY_RATIO:
        ratio = _ratio(environ.get("OTEL_TRACES_SAMPLER_ARG", "").strip())
    elif root in _RATIOS:
        ratio = _RATIOS[root]
    else:
        logger.warning("OTEL_TRACES_SAMPLER=%s is not supported: using %s", name, _DEFAULT)
        name, ratio = _DEFAULT, 1.0
    sampler = {1.0: ALWAYS_ON, 0.0: ALWAYS_OFF}.get(ratio) or TraceIdRatioBased(ratio)
    return Sampling(ParentBased(sampler) if name.startswith(_PARENT_BASED) else sampler, ratio)


def _ratio(text: str) -> float:
    """Return the number in `text`; the standard's default, 1, where there is none."""
    if not text:
        return 1.0
    try:
        ratio = float(text)
    except ValueError:
        ratio = -1.0
    if not 0 <= ratio <= 1:
        logger.warning("OTEL_TRACES_SAMPLER_ARG=%s is not a number from 0 to 1: using 1", text)
        return 1.0
    return ratio
