"""`GET /books`, one book, and its text."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from gutenberg_explorer.api import schemas
from gutenberg_explorer.api.backend import Backend
from gutenberg_explorer.api.problems import Problem

router = APIRouter(prefix="/books", tags=["books"])

MAX_TEXT = 100_000

BookId = Annotated[str, Path(alias="id", description="The book's id.", max_length=200)]


def _number(backend: Backend, book_id: str) -> int:
    number = backend.index.book_number(book_id)
    if number is None:
        raise Problem(404, "There is no such book", "The library holds no book of this id.")
    return number


@router.get("", summary="All books")
def list_books(request: Request) -> schemas.BookList:
    """Return all books of the library, in the order of their ids."""
    backend: Backend = request.app.state.backend
    return schemas.BookList.model_validate({"books": backend.index.books})


@router.get("/{id}", summary="One book")
def get_book(request: Request, book_id: BookId) -> schemas.BookDetails:
    """Return what is known of a book."""
    backend: Backend = request.app.state.backend
    return schemas.BookDetails.model_validate(backend.index.books[_number(backend, book_id)])


@router.get("/{id}/text", summary="A book's text")
def get_text(
    request: Request,
    book_id: BookId,
    offset: Annotated[int, Query(description="The first character.", ge=0, le=2**31)] = 0,
    limit: Annotated[int, Query(description="How many characters.", ge=1, le=MAX_TEXT)] = 5_000,
) -> schemas.BookText:
    """Return a slice of a book's text; past its end, an empty one."""
    backend: Backend = request.app.state.backend
    number = _number(backend, book_id)
    return schemas.BookText(
        id=book_id,
        offset=offset,
        limit=limit,
        character_count=backend.index.books[number].character_count,
        text=backend.index.text(number, offset, offset + limit),
    )
