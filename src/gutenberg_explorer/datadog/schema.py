"""What the types of Datadog's client say about an object before it is sent.

The client raises for missing fields and wrong containers alone. What else it does not know (the
value of an enum, the type of a widget, a field) it takes and marks, so the result is walked.
"""

from collections.abc import Iterator
from typing import Any

from datadog_api_client import Configuration
from datadog_api_client.exceptions import OpenApiException
from datadog_api_client.model_utils import validate_and_convert_types
from datadog_api_client.v1 import models

from gutenberg_explorer.datadog.kinds import Kind, Object


def problems(kind: Kind, thing: Object) -> list[str]:
    """Return what is wrong with an object, each as a place and a reason; none: it can be sent."""
    foreign = [f"{name}: is not managed in files" for name in thing if name not in kind.fields]
    try:
        return [*foreign, *_walk(_typed(thing, kind.model), "")]
    except (OpenApiException, TypeError) as error:
        return [*foreign, " ".join(str(error).split())]


def _typed(thing: Object, model: str) -> Any:
    """Return an object as one of the client's. Raises OpenApiException or TypeError."""
    types = (getattr(models, model),)
    return validate_and_convert_types(thing, types, [model], True, True, Configuration())


def _walk(value: Any, place: str) -> Iterator[str]:
    """Yield what is marked as unknown, and each field that the types do not have."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _walk(each, f"{place}[{number}]")
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _walk(each, f"{place}.{name}")
    elif "_data_store" in getattr(value, "__dict__", ()):
        yield from _walk_model(value, place)


def _walk_model(model: Any, place: str) -> Iterator[str]:
    own = vars(model)
    if chosen := own.get("_composed_instances"):
        for each in chosen:
            yield from _walk(each, place)
        return
    fields = own["_data_store"]
    within = [wrong for name, each in fields.items() for wrong in _walk(each, f"{place}.{name}")]
    if own.get("_unparsed"):
        # What is unknown makes all that it stands in unknown.
        for number, widget in enumerate(fields.get("widgets", [])):
            if isinstance(widget, dict):
                within += _walk(_typed(widget, "Widget"), f"{place}.widgets[{number}]")
        yield from within or [f"{_told(place)}: Datadog's client does not know {_short(model)}"]
        return
    yield from within
    for name in fields:
        if name not in model.openapi_types:
            yield f"{_told(place)}: there is no field {name}"


def _told(place: str) -> str:
    return place.lstrip(".") or "all of it"


def _short(model: Any) -> str:
    told = " ".join(str(model).split())
    return told if len(told) < 120 else told[:119] + "…"
