"""The HTTP interface: app factory, routes, schemas, errors."""

from gutenberg_explorer.api.app import create_app
from gutenberg_explorer.api.backend import Backend

__all__ = ["Backend", "create_app"]
