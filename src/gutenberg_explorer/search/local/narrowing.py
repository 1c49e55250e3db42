"""Which books a search is narrowed to, in what order they come, and who wrote them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search.request import SearchRequest, Sort
from gutenberg_explorer.search.results import AuthorCount

MAX_AUTHORS = 30


def narrowed(index: Index, request: SearchRequest) -> list[int] | None:
    """Return the numbers of the books that may be found; None when all may."""
    if request.book is None and request.author is None and request.title is None:
        return None
    number = None if request.book is None else index.book_number(request.book)
    candidates: Iterable[int] = range(len(index.books))
    if request.book is not None:
        candidates = [] if number is None else [number]
    author = (request.author or "").casefold()
    title = (request.title or "").casefold()
    return [
        book
        for book in candidates
        if author in (index.books[book].author or "").casefold()
        and title in index.books[book].title.casefold()
    ]


def narrowed_but_for_author(
    index: Index, request: SearchRequest, only: list[int] | None
) -> list[int] | None:
    """Return what `narrowed` would without the request's author; with it, that is `only`.

    The authors to choose from are counted by it.
    """
    return only if request.author is None else narrowed(index, replace(request, author=None))


def sorted_books(
    index: Index, *, author: str | None, title: str | None, sort: Sort | None
) -> list[int]:
    """Return the numbers of all books that names narrow the library to, by id or else `sort`."""
    found = narrowed(index, SearchRequest(query="", author=author, title=title))
    books = list(range(len(index.books))) if found is None else found
    return in_order(index, books, sort) if sort else books


def in_order(index: Index, books: list[int], sort: Sort) -> list[int]:
    """Return books that come in the order of relevance in another; those without a year last."""
    if sort == "relevance":
        return books
    entries = index.books

    def key(book: int) -> tuple[bool, str | int, str]:
        entry = entries[book]
        title = _filed(entry.title)
        if sort == "title":
            return False, title, entry.id
        if sort == "author":
            return entry.author is None, _surname_first(entry.author or ""), title
        return entry.year is None, entry.year or 0, title

    return sorted(books, key=key)


def _filed(title: str) -> str:
    """Return a title as libraries file it: without its first article."""
    folded = title.casefold()
    first, _, rest = folded.partition(" ")
    return rest if first in ("a", "an", "the") and rest else folded


def _surname_first(name: str) -> str:
    given, _, surname = name.casefold().rpartition(" ")
    return f"{surname} {given}"


def authors(index: Index, books: Sequence[int] | NDArray[np.intp]) -> list[AuthorCount]:
    """Return the authors of books, those of most books first, 30 at most."""
    names, codes = index.books.authors
    counts = np.bincount(codes[books], minlength=len(names))
    most = np.argsort(-counts, kind="stable")[: MAX_AUTHORS + 1]
    each = zip(most.tolist(), counts[most].tolist(), strict=True)
    found = [AuthorCount(names[author], books) for author, books in each if books and names[author]]
    return found[:MAX_AUTHORS]
