"""`gutenberg-explorer datadog`."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gutenberg_explorer.datadog import Change, Datadog, Folder


@click.group()
def datadog() -> None:
    """Manage the dashboard, monitors and SLOs in Datadog.

    They are files in deploy/datadog. Set DD_API_KEY, DD_APP_KEY and DD_SITE for your account.
    """


_folder = click.option(
    "--folder",
    default="deploy/datadog",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The folder with the files.",
)


@contextlib.contextmanager
def _in_datadog(folder: Path) -> Iterator[tuple["Folder", "Datadog"]]:
    """Give the folder's files and Datadog, with errors of one line."""
    try:
        from gutenberg_explorer.datadog import Datadog, DatadogError, Folder
    except ModuleNotFoundError:
        raise click.ClickException(
            "This needs datadog-api-client: pip install 'gutenberg-explorer[datadog]'"
        ) from None
    try:
        yield Folder(folder), Datadog()
    except (DatadogError, OSError) as error:
        raise click.ClickException(str(error)) from None


def _say_changes(changes: Iterator["Change"], words: dict[str, str], summary: str) -> None:
    """Say each change in the word for its action, and at the end how many there were."""
    counts = {"create": 0, "update": 0, "keep": 0, "stray": 0}
    for change in changes:
        counts[change.action] += 1
        if change.action != "keep":
            click.echo(f"{words[change.action]} {change.kind} {change.key}")
        for line in change.lines:
            click.echo(f"    {line}")
    click.echo(summary.format_map(counts))


@datadog.command("plan")
@_folder
def datadog_plan(folder: Path) -> None:
    """Show what `apply` would change."""
    with _in_datadog(folder) as (files, there):
        from gutenberg_explorer.datadog import plan

        words = {"create": "+", "update": "~", "stray": "? only in Datadog:"}
        summary = "{create} to create, {update} to update, {keep} unchanged."
        _say_changes(plan(files, there), words, summary)


@datadog.command("apply")
@_folder
def datadog_apply(folder: Path) -> None:
    """Create and update objects that differ from the files. Nothing is deleted."""
    with _in_datadog(folder) as (files, there):
        from gutenberg_explorer.datadog import apply

        words = {"create": "created", "update": "updated", "stray": "left alone:"}
        summary = "{create} created, {update} updated, {keep} unchanged."
        _say_changes(apply(files, there), words, summary)


@datadog.command("export")
@_folder
def datadog_export(folder: Path) -> None:
    """Write the objects in Datadog to the files, in the format that `apply` reads."""
    with _in_datadog(folder) as (files, there):
        from gutenberg_explorer.datadog import export

        words = {"create": "new file:", "update": "changed file:", "stray": "not in Datadog:"}
        summary = "{create} new files, {update} changed files, {keep} unchanged."
        _say_changes(export(files, there), words, summary)
