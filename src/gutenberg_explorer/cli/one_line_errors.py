"""Errors that a person can act on: one line, and exit code 1."""

import contextlib
from collections.abc import Iterator

import click

from gutenberg_explorer.disk_errors import sentence
from gutenberg_explorer.settings import SettingsError


@contextlib.contextmanager
def one_line_errors(*expected: type[Exception]) -> Iterator[None]:
    """Print an `expected` error, a bad setting or a failing disk as one line, and exit with 1."""
    expected = (SettingsError, *expected)
    try:
        yield
    except expected as error:
        raise click.ClickException(str(error)) from None
    except BrokenPipeError:  # nobody reads on: no error to tell of
        raise
    except OSError as error:
        raise click.ClickException(sentence(error)) from None
