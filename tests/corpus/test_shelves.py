import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import BookFile, CorpusError, Sources, candidates, choose, shelf_of


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


def sources(folder: Path) -> Sources:
    return Sources(folder, "http://localhost", "http://localhost")


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("auto", ["nltk", "starter"]),
        ("nltk", ["nltk"]),
        ("starter", ["starter"]),
        ("directory:/books", ["directory"]),
        ("gutenberg:1342,84", ["gutenberg"]),
        ("gutenberg:author=austen;limit=3", ["gutenberg"]),
    ],
)
def test_a_setting_names_its_shelves(tmp_path: Path, setting: str, names: list[str]) -> None:
    shelves = candidates(setting, sources(tmp_path))
    assert [shelf.name for shelf in shelves] == names
    if setting != "auto":
        assert [shelf.spec for shelf in shelves] == [setting]


@pytest.mark.parametrize(
    "setting",
    ["", "auto", "magic", "nltk:x", "directory:", "gutenberg", "gutenberg:", "gutenberg:x"],
)
def test_what_means_no_shelf_is_a_sentence(tmp_path: Path, setting: str) -> None:
    with pytest.raises(CorpusError, match=r"GUTENBERG_EXPLORER_SHELF"):
        shelf_of(setting, sources(tmp_path))


def test_the_first_that_can_be_had_is_chosen(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert choose([FakeShelf("nltk"), FakeShelf("starter")]).name == "nltk"
    assert not caplog.records


def test_a_substitute_is_announced(caplog: pytest.LogCaptureFixture) -> None:
    chosen = choose([FakeShelf("nltk", "No network."), FakeShelf("starter")])
    assert chosen.name == "starter"
    assert caplog.messages == [
        "No network. Serving the starter shelf instead. "
        "Set GUTENBERG_EXPLORER_SHELF=nltk to try again."
    ]


def test_none_at_all_says_all_reasons() -> None:
    with pytest.raises(CorpusError, match=r"No network\. No pip\."):
        choose([FakeShelf("nltk", "No network."), FakeShelf("starter", "No pip.")])
