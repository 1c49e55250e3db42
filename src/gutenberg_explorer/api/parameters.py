"""Query parameters read into a model at once.

FastAPI reads them one by one, which takes longer than the rest of its work for a search; the model
is the source of their description all the same.
"""

from typing import TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

_Model = TypeVar("_Model", bound=BaseModel)


def described(model: type[BaseModel]) -> dict[str, object]:
    """Return the part of an operation's OpenAPI description that lists the model's parameters."""
    schema = model.model_json_schema()
    return {
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "description": field.pop("description", ""),
                "schema": field,
            }
            for name, field in schema["properties"].items()
        ]
    }


def read(model: type[_Model], request: Request) -> _Model:
    """Return the request's query as a model. Raises RequestValidationError."""
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        errors = [{**e, "loc": ("query", *e["loc"])} for e in error.errors()]
        raise RequestValidationError(errors) from None
