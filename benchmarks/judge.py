"""What is wrong with recorded traces, against what was searched."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from benchmarks.load import Search
from benchmarks.recorder import Received

SERVER = "GET /search"
_STEPS = {
    "tfidf": ("preprocess_query", "vectorize_query", "compute_similarity"),
    "bm25": ("parse_query", "search_index"),
}
# After its end a span waits for its batch, five seconds at most as OpenTelemetry has it.
_LATE = 7.0


@dataclass(frozen=True)
class Verdict:
    """Counts of searches, and of spans, over all answered searches."""

    asked: int
    answered: int
    failed: int
    complete: int
    missing: int
    duplicates: int
    orphans: int
    wrong_parents: int
    outside: int
    late: int

    HEADER = (
        "searches | answered | complete traces | missing spans | duplicates | orphans "
        "| wrong parents | outside their parent's time | later than 7 s"
    )

    def row(self) -> str:
        """Return the figures as cells of a table, in the order of HEADER."""
        share = self.complete / self.answered if self.answered else 0
        cells = [
            f"{self.asked:,}",
            f"{self.answered:,}",
            f"{self.complete:,} ({share:.2%})",
            *(
                f"{n:,}"
                for n in (
                    self.missing,
                    self.duplicates,
                    self.orphans,
                    self.wrong_parents,
                    self.outside,
                    self.late,
                )
            ),
        ]
        return " | ".join(cells)


def _expected(search: Search) -> dict[str, tuple[str, int]]:
    """Return for each span's name that of its parent, and how many there must be."""
    ranked = f"{search.method}_search"
    return {
        SERVER: ("", 1),
        "search_api": (SERVER, 1),
        "perform_search": ("search_api", 1),
        ranked: ("perform_search", 1),
        **dict.fromkeys(_STEPS[search.method], (ranked, 1)),
        "process_results": (ranked, 1),
        "generate_snippet": ("process_results", search.results),
    }


def count_of_spans(search: Search) -> int:
    """Return how many spans the backend makes of a search that was answered."""
    return sum(count for _, count in _expected(search).values())


def judge(searches: Sequence[Search], received: Iterable[Received]) -> Verdict:
    """Return the verdict on all searches that were answered with 200."""
    traces: dict[bytes, list[tuple[Span, int]]] = defaultdict(list)
    for each in received:
        for span in each.spans():
            traces[span.trace_id].append((span, each.at))
    answered = [search for search in searches if search.status == 200]
    found: Counter[str] = Counter()
    for search in answered:
        faults = _faults(search, traces[search.trace_id])
        found.update(faults)
        if not faults["missing"] + faults["duplicates"] + faults["orphans"] + faults["wrong"]:
            found["complete"] += 1
    return Verdict(
        asked=len(searches),
        answered=len(answered),
        failed=len(searches) - len(answered),
        complete=found["complete"],
        missing=found["missing"],
        duplicates=found["duplicates"],
        orphans=found["orphans"],
        wrong_parents=found["wrong"],
        outside=found["outside"],
        late=found["late"],
    )


def _faults(search: Search, recorded: Sequence[tuple[Span, int]]) -> Counter[str]:
    faults: Counter[str] = Counter()
    spans = {span.span_id: span for span, _ in recorded}
    faults["duplicates"] = len(recorded) - len(spans)
    names = Counter(span.name for span in spans.values())
    expected = _expected(search)
    for name, (_, count) in expected.items():
        faults["missing"] += max(0, count - names[name])
    for span in spans.values():
        parent = spans.get(span.parent_span_id)
        parent_name, _ = expected.get(span.name, (None, 0))
        if span.parent_span_id == search.parent_id:
            faults["wrong"] += parent_name != ""
        elif parent is None:
            faults["orphans"] += 1
        else:
            faults["wrong"] += parent.name != parent_name
            faults["outside"] += (
                span.start_time_unix_nano < parent.start_time_unix_nano
                or span.end_time_unix_nano > parent.end_time_unix_nano
            )
    faults["late"] = sum(at - span.end_time_unix_nano > _LATE * 1e9 for span, at in recorded)
    return faults
