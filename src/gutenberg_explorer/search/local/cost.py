"""What the parts of a query cost, in postings, before any of them is read.

The bounds come from how many passages have a word, which the index of passages knows. The weights
are measured: other work counts as the postings that are read in the same time (2.5 ns each).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

_OPENING: Final = 1_600
"""To look up a word in one segment of the index of passages."""

_SOUGHT: Final = 2
"""A posting that is sought, rather than read after the one before."""

_WEIGHED: Final = 3
"""A posting of a word that is weighed against others, of which the best one counts."""

_POSITIONS: Final = 60
"""The positions of a phrase's words in a passage that may have it."""

_END: Final = 12_000
"""The text at the end of a passage, to see whether a run of words goes on there."""

_CALL, _HIT = 40_000, 400
"""To ask the index of passages anything at all, and for each passage that it returns."""

_PASSAGE, _CLAUSE = 20_000, 1_000
"""A passage that is shown, and to mark in it what one clause has matched."""

_TALLIED: Final = 10
"""A place of a word in a book, whose weight is added to those of others."""

EXPANDING: Final = 200_000
"""To find the words that begin as a prefix does."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one clause reads: the lists of some words, in so many passages at most.

    In each passage that it visits it reads as much as `each` postings.
    """

    lists: int
    passages: int
    each: int = 1
    is_phrase: bool = False

    def within(self, passages: int) -> "Reading":
        """Return what it reads where only so many passages are visited."""
        return replace(self, passages=min(self.passages, passages * self.lists))

    def beside(self, passages: int) -> "Reading":
        """Return what it reads where another clause has so many passages, and both must be met.

        The words of a phrase are sought in all passages that may have it, whatever the others say.
        """
        return self if self.is_phrase else replace(self.within(passages), each=self.each * _SOUGHT)

    def postings(self, segments: int) -> int:
        """Return the cost in an index of passages that has so many segments."""
        return self.lists * segments * _OPENING + self.passages * self.each


def word(frequency: int) -> Reading:
    """Return what is read to find passages with a word, by how many have it."""
    return Reading(1, frequency)


def best_of(frequencies: Sequence[int]) -> Reading:
    """Return what is read to find passages with any of some words, and the best word of each."""
    return Reading(len(frequencies), sum(frequencies), _WEIGHED)


def all_of(frequencies: Sequence[int]) -> Reading:
    """Return what is read to find passages with all of some words, where the rarest stands."""
    return Reading(len(frequencies), min(frequencies), _SOUGHT * len(frequencies))


def phrase_of(frequencies: Sequence[int]) -> Reading:
    """Return what is read to find a phrase: all of its words where the rarest of them stands."""
    return replace(
        all_of(frequencies), each=_SOUGHT * len(frequencies) + _POSITIONS, is_phrase=True
    )


def listed(books: int, passages: int, in_each: int) -> Reading:
    """Return what is read to find certain passages of some books by their numbers.

    In each of `in_each` books there may be a passage of the same number.
    """
    return Reading(books + passages, passages * in_each, _SOUGHT)


def reading_ends(passages: int) -> int:
    """Return what it costs to read the text at the ends of passages."""
    return passages * _END


def ranking(limit: int) -> int:
    """Return what it costs to take so many passages out of a ranking, besides ranking them."""
    return _CALL + limit * _HIT


def tallying(postings: int) -> int:
    """Return what it costs to add up the weights of words in so many books or at so many places."""
    return postings * _TALLIED


def showing(passages: int, clauses: int) -> int:
    """Return what it costs to show passages, with the matches of so many clauses marked."""
    return passages * (_PASSAGE + clauses * _CLAUSE)
