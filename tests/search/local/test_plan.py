import random
from collections.abc import Iterator

import pytest

from gutenberg_explorer.index.reader import Index
from gutenberg_explorer.search import BookSearchRequest, Budget, SearchResult
from gutenberg_explorer.search import query as language
from gutenberg_explorer.search.budget import MAX_POSTINGS
from gutenberg_explorer.search.local.clause_words import ClauseWords
from gutenberg_explorer.search.local.local_engine import LocalEngine
from gutenberg_explorer.search.local.passage_query import PassageQueries
from gutenberg_explorer.search.local.plan import Plan, plan
from gutenberg_explorer.search.local.stretches import Stretches
from tests.costly_queries import LENGTH, CostlyQueries, PostingsRead
from tests.searching import search
from tests.soak import SEED, share_of

# The library of 18 books has a fifteenth of the passages of 240.
SMALL = MAX_POSTINGS // 15


def _plan(index: Index, query: str, postings: int) -> tuple[Plan, Budget]:
    budget = Budget(postings=postings)
    stretches = Stretches(index, None, budget)
    return plan(index, ClauseWords(index), stretches, language.parse(query), budget), budget


def _words(planned: Plan) -> list[str]:
    return [" ".join(clause.words) for clause in planned.parsed.clauses]


@pytest.fixture
def reads() -> Iterator[PostingsRead]:
    with pytest.MonkeyPatch.context() as patched:
        yield PostingsRead(patched)


@pytest.fixture(scope="module")
def costly(library: Index) -> CostlyQueries:
    return CostlyQueries(library)


def test_what_fits_is_searched_as_it_was_asked(library: Index) -> None:
    for query in ("white whale", '"to be or not to be"', "love -god title:emma", "harpoon*", "the"):
        parsed = language.parse(query)
        budget = Budget()
        stretches = Stretches(library, None, budget)
        planned = plan(library, ClauseWords(library), stretches, parsed, budget)
        assert planned.parsed is parsed
        assert not budget.is_cut


def test_the_words_that_cost_most_are_left_out_first(library: Index) -> None:
    frequency = library.passage_index.frequency
    assert frequency("said") > frequency("god") > frequency("whale") > frequency("queequeg")
    query = "said god queequeg whale"
    kept = {tuple(_words(_plan(library, query, 1_000 * n)[0])) for n in range(1, 1_500)}
    assert kept == {
        (),
        ("queequeg",),
        ("queequeg", "whale"),
        ("god", "queequeg", "whale"),
        ("said", "god", "queequeg", "whale"),
    }


def test_an_exclusion_that_costs_too_much_excludes_its_rarest_word(library: Index) -> None:
    query = 'whale -"the said captain"'
    planned = [_plan(library, query, 5_000 * n) for n in range(1, 2_000)]
    assert {tuple(_words(each)): budget.is_cut for each, budget in planned} == {
        (): True,
        ("whale", "captain"): True,
        ("whale", "the said captain"): False,
    }


def test_where_a_condition_costs_too_much_nothing_is_searched(library: Index) -> None:
    planned, budget = _plan(library, 'whale title:"the bible"', 20_000)
    assert budget.is_cut
    assert planned.parsed.clauses == ()
    result = search(library, 'whale title:"the bible"', budget, method="bm25")
    assert (result.total, result.hits, result.partial) == (0, (), True)


@pytest.mark.parametrize("field", ["title:", "author:", "-", "-title:", "-author:"])
def test_equal_clauses_count_once(library: Index, reads: PostingsRead, field: str) -> None:
    def read(times: int) -> tuple[int, int, SearchResult]:
        reads.count = 0
        budget = Budget()
        query = "love " + f'{field}"the king" ' * times
        found = search(library, query, budget, method="bm25")
        assert not found.partial
        return reads.count, budget.left, found

    once, left, found = read(1)
    assert read(60)[:2] == (once, left)
    assert read(60)[2] == found


def _searches(index: Index, query: str, budget: Budget, of: random.Random) -> None:
    requests: list[dict[str, object]] = [
        {},
        {"limit": 100, "offset": 5},
        {"limit": 100, "sort": of.choice(("title", "author", "year"))},
        {"limit": 100, "author": "a"},
        {"book": index.books[of.randrange(len(index.books))].id},
        {"method": "tfidf"},
    ]
    asked = of.choice([*requests, None])
    if asked is None:
        book = index.books[of.randrange(len(index.books))].id
        LocalEngine(index).search_in_book(
            BookSearchRequest(query=query, book=book, limit=500), budget
        )
    else:
        search(index, query, budget, **{"method": "bm25", **asked})


@pytest.mark.soak
@pytest.mark.parametrize("postings", [SMALL // 20, SMALL // 5, SMALL, 3 * SMALL])
def test_no_query_reads_more_postings_than_its_budget_has(
    library: Index, costly: CostlyQueries, reads: PostingsRead, postings: int
) -> None:
    chance = random.Random(f"{SEED} {postings}")
    queries = [*costly.alike(chance), *(costly.mixed(chance) for _ in range(share_of(1_000)))]
    cut = 0
    for query in queries:
        assert LENGTH / 2 < len(query) <= LENGTH
        reads.count = 0
        budget = Budget(postings=postings)
        _searches(library, query, budget, chance)
        assert reads.count <= postings, query
        assert budget.left >= 0
        cut += budget.is_cut
    assert cut


@pytest.mark.soak
def test_a_partial_answer_holds_nothing_that_the_whole_one_does_not(
    library: Index, costly: CostlyQueries
) -> None:
    chance = random.Random(f"{SEED} parts")
    for _ in range(share_of(400)):
        query = costly.mixed(chance)[: chance.randrange(20, 400)].rpartition(" ")[0]
        request = {"method": "bm25", "limit": 100, "sort": chance.choice(("relevance", "title"))}
        whole = search(library, query, Budget(postings=10**12), **request)
        part = search(library, query, Budget(postings=chance.randrange(SMALL)), **request)
        assert not whole.partial
        assert part.total <= whole.total
        counts = {hit.id: hit.passages_count for hit in whole.hits}
        assert all(hit.passages_count <= counts[hit.id] for hit in part.hits), query
        if not part.partial:
            assert part == whole


def test_a_query_that_is_common_words_alone_is_bounded_too(library: Index) -> None:
    budget = Budget(postings=1_000)
    queries = PassageQueries(library, language.parse("of the and to in a"), budget)
    assert queries.found is None
    assert budget.is_cut
