"""The command `gutenberg-explorer`."""

import contextlib
import gc
import ipaddress
import json
import logging
import os
import resource
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gutenberg_explorer import __version__
from gutenberg_explorer.corpus import SHELVES
from gutenberg_explorer.search import METHODS, SearchRequest
from gutenberg_explorer.settings import PREFIX, Settings, SettingsError

if TYPE_CHECKING:
    from gutenberg_explorer.datadog import Change, Datadog, Folder
    from gutenberg_explorer.index import Library, Manifest

HOST, PORT = "127.0.0.1", 8000
ALLOWED_HOSTS = PREFIX + "ALLOWED_HOSTS"
_FILES = 10_240  # macOS grants no more


@contextlib.contextmanager
def _one_line_errors(*expected: type[Exception]) -> Iterator[None]:
    """Print an `expected` error, a bad setting or a failing disk as one line, and exit with 1."""
    expected = (SettingsError, *expected)
    try:
        yield
    except expected as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{where}{error.strerror or error}") from None


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


def _bound_socket(host: str, port: int) -> socket.socket:
    """Return a socket that is bound, so that a taken port is known before any work is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise click.ClickException(
            f"Can't listen on {host}:{port} ({error.strerror}): choose another port with --port, "
            "or PORT= for make run."
        ) from None
    return bound


def _answer_any_host_unless_local(host: str) -> bool:
    """Allow all hosts where others than this machine may come in and nothing else is set.

    By the environment, so that processes started from here do the same.
    """
    if os.environ.get(ALLOWED_HOSTS, "").strip() or _is_loopback(host):
        return False
    os.environ[ALLOWED_HOSTS] = "*"
    return True


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@main.command()
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port to listen on.",
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="The number of worker processes.",
)
@click.option(
    "--max-requests",
    type=click.IntRange(1),
    help="Replace a worker process after about this many requests.",
)
def serve(host: str, port: int, workers: int, max_requests: int | None) -> None:
    """Serve the web page and the API."""
    from gutenberg_explorer.api import server
    from gutenberg_explorer.corpus import CorpusError
    from gutenberg_explorer.index import UnusableIndex
    from gutenberg_explorer.progress import ProgressBars
    from gutenberg_explorer.runtime.backend import Backend

    if max_requests and workers == 1:
        raise click.UsageError(
            "--max-requests needs --workers 2 or more, so that another worker can take over."
        )
    server.end_quietly()
    answers_any_host = _answer_any_host_unless_local(host)
    with _one_line_errors(CorpusError, UnusableIndex):
        settings = Settings.from_environment()
        listening = _bound_socket(host, port)
        with ProgressBars() as progress:
            backend = Backend.open(settings, progress)
    if answers_any_host:
        logging.getLogger(__name__).warning(
            "The server answers to any host name. Set %s to the names it should answer to.",
            ALLOWED_HOSTS,
        )
    server.serve(backend, listening, workers=workers, max_requests=max_requests)


@contextlib.contextmanager
def _library() -> Iterator["Library"]:
    """Give the library that the settings ask for, with progress bars and errors of one line."""
    from gutenberg_explorer.corpus import CorpusError
    from gutenberg_explorer.index import UnusableIndex
    from gutenberg_explorer.progress import ProgressBars
    from gutenberg_explorer.runtime.library import open_library

    with _one_line_errors(CorpusError, UnusableIndex), ProgressBars() as progress:
        yield open_library(Settings.from_environment(), progress)


def _say_skipped(manifest: "Manifest") -> None:
    """Print which books of the shelves are not in the index, and why."""
    for book_id, reason in manifest.skipped.items():
        click.echo(f"{book_id}\tskipped: {reason}", err=True)


def _say_what_is_there(manifest: "Manifest") -> None:
    """Print how many books the published index has, and which of the shelves' it has not."""
    _say_skipped(manifest)
    click.echo(f"{manifest.books_count} books, {manifest.size} bytes: {manifest.generation}")


@main.group()
def corpus() -> None:
    """Manage the books."""


@corpus.command("list")
def corpus_list() -> None:
    """List the books in the index."""
    with _library() as library:
        manifest, books = library.store.contents()
        for book in books:
            by = f" · {book.author}" if book.author else ""
            year = f" · {book.year}" if book.year else ""
            click.echo(f"{book.id}\t{book.title}{by}{year}\t{book.word_count} words")
        _say_skipped(manifest)


@corpus.command(
    "add",
    help=f"""Add books from SOURCES and index them.

    A source is {", ".join(kind.form for kind in SHELVES.values())}. If you
    interrupt the command, run it again: it continues where it stopped.
    """,
)
@click.argument("sources", nargs=-1, required=True)
def corpus_add(sources: tuple[str, ...]) -> None:
    """Add books to the library."""
    with _library() as library:
        _say_what_is_there(library.add(sources).manifest)


@corpus.command("remove")
@click.argument("books", nargs=-1, required=True)
def corpus_remove(books: tuple[str, ...]) -> None:
    """Remove BOOKS from the library, by their ids."""
    with _library() as library:
        _say_what_is_there(library.remove(books).manifest)


@corpus.command("update")
def corpus_update() -> None:
    """Index new and changed books of the library's sources."""
    with _library() as library:
        _say_what_is_there(library.update().manifest)


@corpus.command("verify")
def corpus_verify() -> None:
    """Verify the checksum of every index file and every downloaded book."""
    with _library() as library:
        index = library.store.open()
        if problems := library.damage():
            raise click.ClickException("\n".join(problems))
    click.echo(f"{len(index.books)} books, {index.size} bytes: all checksums match")


@main.group()
def index() -> None:
    """Manage the index."""


@index.command("build")
def index_build() -> None:
    """Rebuild the index of all books and publish it."""
    with _library() as library:
        _say_what_is_there(library.build().manifest)


@main.command()
@click.argument("query")
@click.option("--method", default="bm25", show_default=True, type=click.Choice(list(METHODS)))
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
def search(query: str, method: str, limit: int) -> None:
    """Search the books for QUERY and print the best passages."""
    from gutenberg_explorer.search import ENGINES, perform_search

    with _library() as library:
        index, _ = library.open_or_build()
    engine = ENGINES[Settings.from_environment().engine].open(index)
    result = perform_search(engine, SearchRequest(query=query, method=method, limit=limit))
    click.echo(f"{result.total} books", err=True)
    if result.did_you_mean:
        click.echo(f"Did you mean: {result.did_you_mean}", err=True)
    for hit in result.hits:
        click.echo(f"{hit.score:.4f}  {hit.title} ({hit.id})\n        {hit.snippet}")


@main.group()
def traces() -> None:
    """Show the traces stored on this machine."""


@traces.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
def traces_list(limit: int) -> None:
    """List the newest traces."""
    from gutenberg_explorer.runtime.trace_store import open_trace_store
    from gutenberg_explorer.signals import StoreError, TraceQuery, to_jaeger

    with _one_line_errors(StoreError):
        store = open_trace_store(Settings.from_environment())
        found = [to_jaeger(trace) for trace in store.find(TraceQuery(limit=limit))]
    for trace in found:
        spans = trace["spans"]
        ids = {span["spanID"] for span in spans}
        root = next(
            (s for s in spans if not any(r["spanID"] in ids for r in s["references"])), spans[0]
        )
        took = f"{root['duration'] / 1000:.1f} ms"
        click.echo(f"{trace['traceID']}  {root['operationName']}  {len(spans)} spans  {took}")


@traces.command("show")
@click.argument("trace_id")
def traces_show(trace_id: str) -> None:
    """Print one trace as JSON, in the format of Jaeger's API."""
    from gutenberg_explorer.runtime.trace_store import open_trace_store
    from gutenberg_explorer.signals import StoreError, to_jaeger

    with _one_line_errors(StoreError):
        store = open_trace_store(Settings.from_environment())
        try:
            trace = store.trace(bytes.fromhex(trace_id.zfill(32)))
        except ValueError:
            trace = None
    if trace is None:
        raise click.ClickException(f"The trace store has no trace {trace_id}.")
    json.dump(to_jaeger(trace), sys.stdout, indent=2)
    click.echo()


@main.group()
def datadog() -> None:
    """Manage the dashboard, monitors and SLOs in Datadog.

    They are files in deploy/datadog. Set DD_API_KEY, DD_APP_KEY and DD_SITE to your account.
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
