"""OpenTelemetry's automatic instrumentation, where the process was started under it."""

import logging
import sys
from typing import Any

logger = logging.getLogger(__name__)


def trace_once(app: Any) -> None:
    """Undo what `opentelemetry-instrument` has done to an app that traces itself.

    It would make a second SERVER span of each request, under another resource. To be called when
    the app is complete.
    """
    module = sys.modules.get("opentelemetry.instrumentation.fastapi")
    if module is not None and getattr(app, "_is_instrumented_by_opentelemetry", False):
        module.FastAPIInstrumentor.uninstrument_app(app)
        logger.info("The app records its own spans, so OpenTelemetry's FastAPI spans are dropped.")
