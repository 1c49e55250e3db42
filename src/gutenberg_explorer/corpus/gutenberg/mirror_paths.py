"""Where a mirror of Project Gutenberg keeps a book: paths that are relative to its root.

The layouts are those of https://www.gutenberg.org/help/mirroring.html: the generated files by
number, and the older ones under a folder of digits.
"""

CATALOGUE = "cache/epub/feeds/pg_catalog.csv.gz"


def rdf(number: int) -> str:
    """Return the path of a book's metadata."""
    return f"cache/epub/{number}/pg{number}.rdf"


def texts(number: int) -> dict[str, tuple[str, ...]]:
    """Return under each layout's name where a book's text may be, the best first.

    `cache` is made from the others, always in UTF-8; in the others `-0` is UTF-8, `-8` Latin-1 and
    the bare number ASCII.
    """
    names = (f"{number}-0.txt", f"{number}-8.txt", f"{number}.txt")
    digits = str(number)
    tree = "/".join([*(digits[:-1] or "0"), digits])
    return {
        "cache": (f"cache/epub/{number}/pg{number}.txt",),
        "files": tuple(f"files/{number}/{name}" for name in names),
        "digits": tuple(f"{tree}/{name}" for name in names),
    }
