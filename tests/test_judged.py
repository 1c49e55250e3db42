"""The judged queries are sound: enough of them, no query twice, and answers that are books."""

from benchmarks.quality import judged, measure
from gutenberg_explorer.corpus.nltk_editions import NLTK
from gutenberg_explorer.index.reader import Index


def test_the_queries_are_many_and_mean_books() -> None:
    queries = judged()
    assert len(queries) >= 60
    assert len({query.text for query in queries}) == len(queries)
    assert all(query.books and query.books <= set(NLTK) for query in queries)
    assert set().union(*(query.books for query in queries)) == set(NLTK)


def test_tfidf_finds_most_of_them(library: Index) -> None:
    first, five, mean = measure(library, "tfidf")
    assert 0.7 < first <= mean <= five < 1
