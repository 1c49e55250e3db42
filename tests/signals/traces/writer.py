"""A process that writes traces into a store until it has written enough, or is killed."""

import os
import sys
from pathlib import Path

from gutenberg_explorer.signals import Added, TraceStore
from tests.signals.spans import resource_spans, span


def main() -> None:
    path, service, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    store = TraceStore(path, busy_timeout=30)
    for number in range(count):
        trace_id = os.urandom(16)
        stored = store.add([resource_spans([span(trace_id=trace_id) for _ in range(5)], service)])
        assert stored == Added(5)
        if number == 0:
            sys.stdout.write("writing\n")
            sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main()
