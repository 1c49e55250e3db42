"""`gutenberg-explorer traces`."""

import json
import sys

import click

from gutenberg_explorer.cli.one_line_errors import one_line_errors
from gutenberg_explorer.settings import Settings


@click.group()
def traces() -> None:
    """Show the traces stored on this machine."""


@traces.command("list")
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="The maximum number of traces.",
)
def traces_list(limit: int) -> None:
    """List the newest traces: id, name, spans, and the time from first start to last end."""
    from gutenberg_explorer.runtime.open_trace_store import open_stored_traces
    from gutenberg_explorer.signals import StoreError, SummaryQuery, TraceQuery

    with one_line_errors(StoreError):
        store = open_stored_traces(Settings.from_environment())
        query = SummaryQuery(TraceQuery(limit=limit))
        found = store.summarise(query).traces if store else []
    for trace in found:
        took = f"{trace.duration_ns / 1_000_000:.1f} ms"
        click.echo(f"{trace.trace_id.hex()}  {trace.name}  {trace.spans} spans  {took}")


@traces.command("clear")
def traces_clear() -> None:
    """Delete all traces, also while a server is running."""
    from gutenberg_explorer.runtime.open_trace_store import open_trace_store
    from gutenberg_explorer.signals import StoreError

    with one_line_errors(StoreError):
        store = open_trace_store(Settings.from_environment())
        gone = store.clear()
        store.close()
    click.echo(f"{gone} traces deleted")


@traces.command("show")
@click.argument("trace_id")
def traces_show(trace_id: str) -> None:
    """Print one trace as JSON, in the format of Jaeger's API."""
    from gutenberg_explorer.runtime.open_trace_store import open_stored_traces
    from gutenberg_explorer.signals import StoreError, to_jaeger

    with one_line_errors(StoreError):
        store = open_stored_traces(Settings.from_environment())
        try:
            trace = store.trace(bytes.fromhex(trace_id.zfill(32))) if store else None
        except ValueError:
            trace = None
    if trace is None:
        raise click.ClickException(f"The trace store has no trace {trace_id}.")
    json.dump(to_jaeger(trace), sys.stdout, indent=2)
    click.echo()
