import pytest

from gutenberg_explorer.corpus.gutenberg import mirror_paths


@pytest.mark.parametrize(
    ("number", "path"),
    [
        (1, "0/1/1-0.txt"),
        (9, "0/9/9-0.txt"),
        (10, "1/10/10-0.txt"),
        (158, "1/5/158/158-0.txt"),
        (12345, "1/2/3/4/12345/12345-0.txt"),
        (70000, "7/0/0/0/70000/70000-0.txt"),
    ],
)
def test_the_tree_of_digits(number: int, path: str) -> None:
    assert mirror_paths.texts(number)["digits"][0] == path


def test_generated_files_come_first_and_utf8_before_older_encodings() -> None:
    paths = [path for paths in mirror_paths.texts(84).values() for path in paths]
    assert paths[:4] == [
        "cache/epub/84/pg84.txt",
        "files/84/84-0.txt",
        "files/84/84-8.txt",
        "files/84/84.txt",
    ]
    assert mirror_paths.rdf(84) == "cache/epub/84/pg84.rdf"
