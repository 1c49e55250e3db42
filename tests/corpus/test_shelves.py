import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import BookFile, CorpusError, candidates, choose


class FakeShelf:
    """A shelf of one book, or of none and a reason."""

    def __init__(self, name: str, failure: str | None = None) -> None:
        self.name = self.spec = name
        self._failure = failure

    def fingerprint(self) -> str:
        return self.name

    def damage(self) -> list[str]:
        return []

    def files(self) -> Iterator[BookFile]:
        if self._failure:
            raise CorpusError(self._failure)
        yield BookFile("a", self.name, lambda: b"text")


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("auto", ["nltk", "starter"]),
        ("nltk", ["nltk"]),
        ("starter", ["starter"]),
        ("directory:/books", ["directory"]),
    ],
)
def test_a_setting_names_its_shelves(tmp_path: Path, setting: str, names: list[str]) -> None:
    assert [shelf.name for shelf in candidates(setting, tmp_path, "http://localhost")] == names


def test_the_first_that_can_be_had_is_chosen(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert choose([FakeShelf("nltk"), FakeShelf("starter")]).name == "nltk"
    assert not caplog.records


def test_a_substitute_is_announced(caplog: pytest.LogCaptureFixture) -> None:
    chosen = choose([FakeShelf("nltk", "No network."), FakeShelf("starter")])
    assert chosen.name == "starter"
    assert caplog.messages == [
        "No network. Serving the starter shelf instead; "
        "set GUTENBERG_EXPLORER_SHELF=nltk to try again."
    ]


def test_none_at_all_says_all_reasons() -> None:
    with pytest.raises(CorpusError, match=r"No network\. No pip\."):
        choose([FakeShelf("nltk", "No network."), FakeShelf("starter", "No pip.")])
