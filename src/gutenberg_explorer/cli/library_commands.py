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
    from gutenberg_explorer.index import Library, Manifest, ReadOnlyLibrary, StoredLibrary
    from gutenberg_explorer.progress import ProgressBars


@contextlib.contextmanager
def _errors() -> Iterator["ProgressBars"]:
    """Give progress bars, with errors of one line."""
    from gutenberg_explorer.corpus import CorpusError
    from gutenberg_explorer.index import UnusableIndex
    from gutenberg_explorer.progress import ProgressBars

    with one_line_errors(CorpusError, UnusableIndex), ProgressBars() as progress:
        yield progress


@contextlib.contextmanager
def _library_to_change() -> Iterator["Library"]:
    """Give the library of the shelf that is set, or else the one that was served last."""
    from gutenberg_explorer.runtime.open_library import library_to_change

    with _errors() as progress:
        yield library_to_change(Settings.from_environment(), progress)


@contextlib.contextmanager
def _library_to_read() -> Iterator["ReadOnlyLibrary"]:
    """Give the library of the shelf that is set, or else the one that was served last.

    If it is not the one that is set, say so.
    """
    from gutenberg_explorer.runtime.open_library import library_to_read

    with _errors():
        library, note = library_to_read(Settings.from_environment())
        if note:
            click.echo(note, err=True)
        yield library


def _say_what_lacks(library: "ReadOnlyLibrary", manifest: "Manifest") -> None:
    """Print if the index lacks books that it is to have, as far as that is known."""
    if not manifest.is_complete:
        problem = "Not all books of this library are indexed"
    elif library.lags(manifest):
        problem = "This library was built before books were added or removed"
    else:
        return
    click.echo(f"{problem}: run gutenberg-explorer corpus update.", err=True)


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
    with _library_to_read() as library:
        manifest, books = library.contents()
        _say_what_lacks(library, manifest)
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
    with _library_to_change() as library:
        _say_what_is_there(library.add(sources).manifest)


@corpus.command("remove")
@click.argument("books", nargs=-1, required=True)
def corpus_remove(books: tuple[str, ...]) -> None:
    """Remove BOOKS from the library, by their ids."""
    with _library_to_change() as library:
        _say_what_is_there(library.remove(books).manifest)


@corpus.command("update")
def corpus_update() -> None:
    """Index new and changed books of the library's sources."""
    with _library_to_change() as library:
        _say_what_is_there(library.update().manifest)


@corpus.command("verify")
def corpus_verify() -> None:
    """Verify the checksum of every index file and every downloaded book."""
    with _library_to_read() as library:
        if problems := library.damage():
            raise click.ClickException("\n".join(problems))
        index = library.open()
    click.echo(f"{len(index.books)} books, {index.size} bytes: all checksums match")


@click.group()
def index() -> None:
    """Manage the index."""


@index.command("build")
def index_build() -> None:
    """Rebuild the index of all books and publish it."""
    with _library_to_change() as library:
        _say_what_is_there(library.build().manifest)


def _shelves_that_are_set(settings: Settings) -> list[str]:
    from gutenberg_explorer.runtime.open_library import open_library

    return [shelf.spec for shelf in open_library(settings).shelves]


def _described(library: "StoredLibrary") -> str:
    """Return what a list says of a library, in columns."""
    columns = [library.shelf or "unknown shelf", f"format {library.format}"]
    columns.append(library.generation or "unknown generation")
    columns.append("unknown books" if library.books is None else f"{library.books} books")
    columns.append(f"{library.bytes} bytes")
    columns.append(
        f"served {library.served:%Y-%m-%d %H:%M} UTC" if library.served else "not served"
    )
    columns.append(", ".join(library.uses) or "unused")
    return "\t".join(columns)


@index.command("list")
def index_list() -> None:
    """List the libraries in the data directory, and whether somebody uses them.

    A library is used if its shelf is set, if it was served last, or if a server has it open.
    """
    from gutenberg_explorer.index import IndexStore, stored_libraries

    with _errors():
        settings = Settings.from_environment()
        shelves = _shelves_that_are_set(settings)
        for library in stored_libraries(IndexStore(settings.data_dir), shelves):
            click.echo(_described(library))


@index.command("prune")
def index_prune() -> None:
    """Remove the libraries that `index list` shows as unused. Downloaded books are kept."""
    from gutenberg_explorer.index import IndexStore, prune

    with _errors():
        settings = Settings.from_environment()
        removed = prune(IndexStore(settings.data_dir), _shelves_that_are_set(settings))
    for library in removed:
        click.echo(f"removed\t{_described(library)}")
    if not removed:
        click.echo("No library is unused.")


@index.command("check")
def index_check() -> None:
    """Check that `serve` needs to build nothing: that the index is complete and sound.

    The exit code is 1 if the index of the shelf that is set is missing, has another format, or
    has a file that does not match its checksum.
    """
    from gutenberg_explorer.runtime.open_library import open_library

    with _errors() as progress:
        opened = open_library(Settings.from_environment(), progress).check()
        spec = opened.manifest.shelf.spec
        click.echo(f"{spec}: {len(opened.books)} books, {opened.size} bytes: all checksums match")


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
    from gutenberg_explorer.search import ENGINES, Budget, perform_search

    with _library_to_read() as library:
        index = library.open()
        _say_what_lacks(library, index.manifest)
    settings = Settings.from_environment()
    engine = ENGINES[settings.engine].open(index)
    wanted = SearchRequest(query=query, method=method, limit=limit)
    result = perform_search(engine, wanted, Budget(settings.search_deadline))
    if result.partial:
        click.echo(f"At least {result.total} books", err=True)
        click.echo(
            "The search was too expensive to complete. The results are incomplete.", err=True
        )
    else:
        click.echo(f"{result.total} books", err=True)
    if result.did_you_mean:
        click.echo(f"Did you mean: {result.did_you_mean}", err=True)
    for hit in result.hits:
        click.echo(f"{hit.score:.4f}  {hit.title} ({hit.id})\n        {hit.snippet}")
