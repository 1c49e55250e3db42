"""The command `gutenberg-explorer`, whose disk fails while the file that FAULT names is there."""

import os
from pathlib import Path
from typing import Any

from gutenberg_explorer.cli import main
from gutenberg_explorer.search.local import bm25

_FAULT = Path(os.environ["FAULT"])
_cut = bm25.cut


def _cut_or_fail(*arguments: Any) -> Any:
    if _FAULT.exists():
        raise OSError("Input/output error")
    return _cut(*arguments)


bm25.cut = _cut_or_fail  # type: ignore[assignment]

if __name__ == "__main__":
    main()
