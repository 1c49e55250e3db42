"""The page's types of the API, which openapi-typescript makes from the OpenAPI description.

It needs TypeScript 5, whose compiler has an interface for programs, and the page is checked by 7:
so it is installed beside the page's packages, and by `make generate` and `make test` alone.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from gutenberg_explorer.api import app

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / ".tools/bin/node"
GENERATOR = ROOT / ".tools/page-types/node_modules/openapi-typescript/bin/cli.js"

_NOTE = "// What the API takes and answers. Generated from its description by `make generate`.\n\n"


def description() -> dict[str, Any]:
    """Return the OpenAPI description of all that answers with data."""
    described = FastAPI(title="Gutenberg Explorer")
    for part in app.DATA:
        described.include_router(part.router)
    return app.describe(described)


def module() -> str:
    """Return the page's `api/description.ts`."""
    wanted = description()
    for operations in wanted["paths"].values():
        for operation in operations.values():
            # What an error looks like is the same everywhere.
            operation["responses"] = {
                status: answer
                for status, answer in operation["responses"].items()
                if status.startswith("2")
            }
    text = subprocess.run(
        [NODE, GENERATOR],
        input=json.dumps(_untitled(wanted)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return _NOTE + text


def _untitled(schema: Any) -> Any:
    """Return a description without the titles that pydantic makes of the names."""
    if isinstance(schema, list):
        return [_untitled(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _untitled(value)
        for key, value in schema.items()
        if key != "title" or not isinstance(value, str)
    }
