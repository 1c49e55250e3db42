"""A library of which everything is known: 44 short books, and a long one to read."""

from pathlib import Path

VOYAGE = "voyage"
CHAPTERS = 40
# Three pages of the reader.
FILLING = (
    "The morning was grey and the tide was slow, and along the quay the carts went by\n"
    "with barrels and rope, while the gulls stood upon the chimneys and waited for the\n"
    "boats; and no one spoke of the weather, because there was nothing to be said of it.\n"
)
SONG = """\
  Haul away the anchor,
    Haul away the line,
  Never shall I see again
    That lass of mine."""


def harpooner(chapter: int) -> str:
    """Return the one paragraph of a chapter that holds the word."""
    return f"In chapter {chapter} the harpooner sharpened his iron until the evening."


def voyage() -> str:
    """Return the text of the long book, without its title."""
    return "\n\n\n".join(
        f"CHAPTER {number}\n\n{FILLING}\n{FILLING}\n{harpooner(number)}\n\n{SONG}"
        for number in range(1, CHAPTERS + 1)
    )


def write_books(folder: Path) -> Path:
    """Write the books to `folder`, which is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{VOYAGE}.txt").write_text(f"[The Long Voyage by Ann Sea 1850]\n\n\n{voyage()}\n")
    authors = ["Ann Sea"] * 4 + ["Bob Rose"] * 10 + ["Cy Field"] * 30
    for number, author in enumerate(authors, 1):
        text = f"This is tale {number} of a lighthouse, which its keeper never left at night."
        (folder / f"tale-{number:02}.txt").write_text(
            f"[Tale {number:02} by {author} {1800 + number}]\n\n{text}\n"
        )
    return folder
