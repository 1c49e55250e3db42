"""Turning whatever goes wrong with a file of an index into one error that names the file."""

from collections.abc import Iterator
from contextlib import contextmanager

from gutenberg_explorer.index.manifest import IndexDamaged, UnusableIndex

_ENDS_THE_PROCESS = (KeyboardInterrupt, SystemExit, GeneratorExit)


@contextmanager
def damage_in(name: str) -> Iterator[None]:
    """Raise as IndexDamaged whatever goes wrong in the `with` block; `name` is the file's.

    Damaged data can raise anything: a huge length MemoryError, deep JSON RecursionError, and an
    assertion in tantivy PanicException, which is no Exception.
    """
    try:
        yield
    except (UnusableIndex, *_ENDS_THE_PROCESS):
        raise
    except BaseException as error:  # noqa: BLE001 - all of it means one thing
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise IndexDamaged(f"{name} can't be read ({reason})") from None


def require(condition: object, name: str, problem: str) -> None:
    """Raise IndexDamaged, which says the `problem` of the file `name`, unless a condition holds."""
    if not condition:
        raise IndexDamaged(f"{name} {problem}")
