"""The shelves of growing size that are measured, each a folder of text files.

Two are of real books. The third is made of their paragraphs: each of its books takes runs of them
from a few real books, of a real book's length in all, and is given invented words of its own, as
many as the vocabulary of real books grows by, by Heaps' law, and about as rare.
"""

import math
import random
import re
import shutil
import statistics
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from gutenberg_explorer.corpus import Sources, read_book, shelf_of
from gutenberg_explorer.index.analysis import tokenize

REAL = (60, 240)
SYNTHETIC = 5_000

_SOURCES = 5
_RUN = 8
_HALVES = 20
_SYLLABLES = [c + v + e for c in "bdfgklmnprstvz" for v in "aeiou" for e in ("", "n", "r", "s")]
_BLANK_LINES = re.compile(r"\n\s*\n")
_LETTERS = re.compile(r"[a-z]{4,}")


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack the shelf of 240 books and return its folder."""
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    (shelf,) = (path for path in folder.iterdir() if path.is_dir())
    return shelf


def first(shelf: Path, count: int, folder: Path) -> Path:
    """Copy the first books of a shelf by name, with its catalogue, to a folder, and return this."""
    folder.mkdir()
    for path in [*sorted(shelf.glob("*.txt"))[:count], *shelf.glob("catalog.tsv")]:
        shutil.copy(path, folder)
    return folder


def _heaps(words: Sequence[list[str]], chance: random.Random) -> tuple[float, float]:
    """Return K and β of Heaps' law, V = K n^β, through the vocabularies of all books and of halves.

    Which books a half holds changes much; so it is the mean of some.
    """
    distinct = [set(each) for each in words]
    n, v = sum(map(len, words)), len(set().union(*distinct))
    betas = []
    for _ in range(_HALVES):
        half = chance.sample(range(len(words)), len(words) // 2)
        n_half = sum(len(words[each]) for each in half)
        v_half = len(set().union(*(distinct[each] for each in half)))
        betas.append(math.log(v / v_half) / math.log(n / n_half))
    beta = statistics.mean(betas)
    return v / n**beta, beta


def _invented(count: int, chance: random.Random, taken: set[str]) -> Iterator[str]:
    while count:
        word = "".join(chance.choices(_SYLLABLES, k=chance.choice((3, 3, 4))))
        if word not in taken:
            taken.add(word)
            count -= 1
            yield word


def _with_new_words(
    paragraphs: list[str], count: int, chance: random.Random, taken: set[str]
) -> None:
    """Put new words in the place of others: half of them once, the others some times."""
    for word in _invented(count, chance, taken):
        for _ in range(min(50, int(1 / (1 - chance.random())))):
            place = chance.randrange(len(paragraphs))
            old = paragraphs[place]
            if replaced := _LETTERS.search(old, chance.randrange(len(old))):
                paragraphs[place] = old[: replaced.start()] + word + old[replaced.end() :]


def _runs(sources: list[list[str]], size: int, chance: random.Random) -> list[str]:
    taken: list[str] = []
    while size > 0:
        source = chance.choice(sources)
        start = chance.randrange(len(source))
        run = source[start : start + _RUN]
        size -= sum(map(len, run))
        taken += run
    return taken


def synthetic(shelf: Path, count: int, folder: Path) -> Path:
    """Write as many made books to a folder, and return it."""
    folder.mkdir()
    chance = random.Random(count)
    files = shelf_of(f"directory:{shelf}", Sources(folder, "", "")).files()
    texts = [read_book(file).text for file in files]
    words_of_books = [tokenize(text)[0] for text in texts]
    k, beta = _heaps(words_of_books, chance)
    words = sum(map(len, words_of_books))
    real = [[p for p in _BLANK_LINES.split(text) if p.strip()] for text in texts]
    taken: set[str] = set()
    for number in range(count):
        size = len(chance.choice(texts))
        paragraphs = _runs(chance.sample(real, _SOURCES), size, chance)
        more = sum(paragraph.count(" ") + 1 for paragraph in paragraphs)
        new = round(k * (words + more) ** beta - k * words**beta)
        words += more
        _with_new_words(paragraphs, new, chance, taken)
        title, author = (" ".join(_invented(2, chance, taken)).title() for _ in range(2))
        head = f"[{title} by {author} {1700 + number % 220}]"
        (folder / f"made-{number:05}.txt").write_text("\n\n".join([head, *paragraphs]) + "\n")
    return folder
