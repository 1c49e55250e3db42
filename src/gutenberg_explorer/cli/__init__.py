"""The command `gutenberg-explorer`. Each command imports what it needs when it runs."""

import contextlib
import gc
import resource

import click

from gutenberg_explorer import __version__
from gutenberg_explorer.cli.datadog_commands import datadog
from gutenberg_explorer.cli.library_commands import corpus, index, search
from gutenberg_explorer.cli.serve_command import serve
from gutenberg_explorer.cli.trace_commands import traces

_FILES = 10_240  # macOS grants no more


def _allow_many_files() -> None:
    """Let this process open as many files as it may: a large index maps hundreds of them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context) -> None:
    """Search Project Gutenberg and show the trace of every search.

    Settings are environment variables (GUTENBERG_EXPLORER_…). docs/settings.md lists them.
    """
    if context.invoked_subcommand != "serve":
        gc.enable()
    _allow_many_files()


for command in (serve, corpus, index, search, traces, datadog):
    main.add_command(command)
