from pathlib import Path

from gutenberg_explorer.index.compaction import MANY
from tests.libraries import library_of, small_books
from tests.searching import search


def test_many_small_segments_become_one(tmp_path: Path) -> None:
    library = library_of(f"directory:{small_books(tmp_path / 'shelf')}", tmp_path)
    library.build()
    texts = {"garden", "storm", "whale"}
    for number in range(MANY - 2):
        (tmp_path / "shelf" / f"new-{number}.txt").write_text(
            f"A new book of love, number{number}."
        )
        texts.add(f"new-{number}")
        index = library.update()
        assert len(index.segments) == number + 2
    (tmp_path / "shelf" / "last.txt").write_text("The last book of love.")
    index = library.update()
    assert len(index.segments) == 1
    assert {book.id for book in index.books} == texts | {"last"}
    assert index.damage() == []
    library.update()  # until then the one before was kept to fall back on
    assert [path.name for path in (tmp_path / "index").glob("segments/*")] == [
        entry.name for entry in index.manifest.segments
    ]
    for method in ("tfidf", "bm25"):
        found = search(index, "number3", method=method)
        assert [hit.id for hit in found.hits] == ["new-3"]
        assert found.hits[0].snippet == "A new book of love, number3."


def test_a_segment_of_which_most_was_removed_is_replaced(tmp_path: Path) -> None:
    shelf = small_books(tmp_path / "shelf")
    library = library_of(f"directory:{shelf}", tmp_path)
    library.build()
    index = library.remove(["garden"])
    assert [entry.books for entry in index.manifest.segments] == [3]
    index = library.remove(["storm"])
    assert [entry.books for entry in index.manifest.segments] == [1]
    assert [book.id for book in index.books] == ["whale"]
    whale = index.books[0]
    assert (whale.title, whale.author, whale.year) == ("The Whale", "Ann Sea", 1850)
    assert [hit.id for hit in search(index, "sings", method="bm25").hits] == ["whale"]
    assert library.update().manifest.books_count == 1
