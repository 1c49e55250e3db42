"""`GET /books`, one book, and its text."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from gutenberg_explorer.api import problems, schemas
from gutenberg_explorer.api.content_coding import json_response
from gutenberg_explorer.api.problem_types import ProblemType
from gutenberg_explorer.api.problems import Problem
from gutenberg_explorer.api.running import Here
from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search.local.narrowing import sorted_books

router = APIRouter(prefix="/books", tags=["books"])

MAX_TEXT = 100_000
MAX_OFFSET = 2**31
MAX_BOOKS = 10_000

BookId = Annotated[str, Path(alias="id", description="The book's id.", max_length=200)]
Words = Annotated[str | None, Query(max_length=200)]


def book_number(index: Index, book_id: str) -> int:
    """Return the number of a book. Raises Problem when there is none."""
    number = index.book_number(book_id)
    if number is None:
        raise Problem(
            404,
            "There is no such book",
            "The library has no book with this id.",
            kind=ProblemType.NO_SUCH_BOOK,
        )
    return number


@router.get("", summary="All books")
def list_books(
    here: Here,
    offset: Annotated[int, Query(description="How many books to skip.", ge=0, le=MAX_OFFSET)] = 0,
    limit: Annotated[
        int, Query(description="The maximum number of books.", ge=1, le=MAX_BOOKS)
    ] = 1_000,
    sort: Annotated[
        Literal["id", "title", "author", "year"], Query(description="The order of the books.")
    ] = "id",
    author: Annotated[
        Words, Query(description="Only books whose author's name contains this text.")
    ] = None,
    title: Annotated[Words, Query(description="Only books whose title contains this text.")] = None,
) -> schemas.BookList:
    """Return the books of the library."""
    index = here.backend.index
    found = sorted_books(index, author=author, title=title, sort=None if sort == "id" else sort)
    page = [index.books[number] for number in found[offset : offset + limit]]
    return schemas.BookList.model_validate({"books": page, "total_books": len(found)})


@router.get(
    "/{id}",
    summary="One book",
    response_model=schemas.BookDetails,
    responses=problems.responses(404),
)
def get_book(request: Request, here: Here, book_id: BookId) -> Response:
    """Return the metadata of a book, and its headings (up to a thousand and more)."""
    index = here.backend.index
    number = book_number(index, book_id)
    contents = index.contents(number)
    known = index.books[number].model_dump()
    book = schemas.BookDetails.model_validate({**known, "contents": contents})
    return json_response(request, book.model_dump_json().encode())


@router.get("/{id}/text", summary="A book's text", responses=problems.responses(404))
def get_text(
    here: Here,
    book_id: BookId,
    offset: Annotated[
        int, Query(description="The position of the first character.", ge=0, le=MAX_OFFSET)
    ] = 0,
    limit: Annotated[
        int, Query(description="The maximum number of characters.", ge=1, le=MAX_TEXT)
    ] = 5_000,
) -> schemas.BookText:
    """Return a slice of a book's text. Past the end, the slice is empty."""
    index = here.backend.index
    number = book_number(index, book_id)
    return schemas.BookText(
        id=book_id,
        offset=offset,
        limit=limit,
        character_count=index.books[number].character_count,
        text=index.text(number, offset, offset + limit),
    )
