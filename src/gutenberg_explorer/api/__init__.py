"""The HTTP interface: app factory, routes, schemas, errors."""

from gutenberg_explorer.api.app import create_app

__all__ = ["create_app"]
