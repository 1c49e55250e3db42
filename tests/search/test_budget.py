import pytest

from gutenberg_explorer.search import AbandonedSearch, Budget


class Clock:
    """A clock that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_postings_are_taken_until_too_few_are_left() -> None:
    budget = Budget(postings=10)
    assert budget.take(7)
    assert budget.left == 3
    assert not budget.is_cut
    assert [budget.take(4), budget.take(3)] == [False, True]
    assert budget.left == 0


def test_a_cut_is_noted_for_the_answer() -> None:
    budget = Budget(postings=10)
    assert list(budget.notices) == []
    budget.take(11)
    assert list(budget.notices) == ["partial"]


def test_no_step_begins_after_the_deadline() -> None:
    clock = Clock()
    budget = Budget(2.0, clock=clock)
    clock.now = 101.9
    assert budget.take(1)
    assert not list(budget.notices)
    clock.now = 102.0
    assert not budget.take(0)
    assert list(budget.notices)


def test_no_step_begins_that_would_hardly_end_in_time() -> None:
    clock = Clock()
    budget = Budget(2.0, clock=clock)
    assert budget.take(20_000_000)
    clock.now = 101.0
    assert budget.allows(9_000_000)
    assert not budget.allows(10_000_000)
    slow_to_begin = Budget(2.0, clock=clock)
    clock.now = 102.0
    assert slow_to_begin.take(100_000_000)


def test_what_is_only_asked_is_neither_taken_nor_a_cut() -> None:
    budget = Budget(postings=10)
    assert budget.allows(10)
    assert not budget.allows(11)
    assert budget.left == 10
    assert not budget.is_cut


def test_no_step_begins_when_nobody_waits() -> None:
    waiting = [True, True, False]
    budget = Budget(is_wanted=lambda: waiting.pop(0))
    assert budget.take(1)
    assert budget.allows(1)
    with pytest.raises(AbandonedSearch):
        budget.take(1)
