"""`gutenberg-explorer corpus`, `index` and `search`."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from gutenberg_explorer.cli.one_line_errors import one_line_errors
from gutenberg_explorer.corpus import SHELVES
from gutenberg_explorer.search import METHODS, SearchRequest
from gutenberg_explorer.settings import Settings

if TYPE_CHECKING:
    from gutenberg_explorer.index import Library, Manifest


@contextlib.contextmanager
def _library() -> Iterator["Library"]:
    """Give the library that the settings ask for, with progress bars and errors of one line."""
    from gutenberg_explorer.corpus import CorpusError
    from gutenberg_explorer.index import UnusableIndex
    from gutenberg_explorer.progress import ProgressBars
    from gutenberg_explorer.runtime.open_library import open_library

    with one_line_errors(CorpusError, UnusableIndex), ProgressBars() as progress:
        yield open_library(Settings.from_environment(), progress)


def _say_skipped(manifest: "Manifest") -> None:
    """Print which books of the shelves are not in the index, and why."""
    for book_id, reason in manifest.skipped.items():
        click.echo(f"{book_id}\tskipped: {reason}", err=True)


def _say_what_is_there(manifest: "Manifest") -> None:
    """Print how many books the published index has, and which of the shelves' it has not."""
    _say_skipped(manifest)
    click.echo(f"{manifest.books_count} books, {manifest.size} bytes: {manifest.generation}")


@click.group()
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


@click.group()
def index() -> None:
    """Manage the index."""


@index.command("build")
def index_build() -> None:
    """Rebuild the index of all books and publish it."""
    with _library() as library:
        _say_what_is_there(library.build().manifest)


@click.command()
@click.argument("query")
@click.option(
    "--method",
    default="bm25",
    show_default=True,
    type=click.Choice(list(METHODS)),
    help="The ranking method.",
)
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, 100),
    help="The maximum number of books.",
)
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
