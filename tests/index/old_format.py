"""An index of format 3, as a version before libraries side by side has left it."""

import json
from collections.abc import Sequence
from pathlib import Path

GENERATION = "20261122T160559-d1aa35"


def write_format_3(
    data_dir: Path, shelf: str, *, added: Sequence[str] = (), removed: Sequence[str] = ()
) -> dict[Path, bytes]:
    """Write an index of a shelf; return the files, each with its contents."""
    manifest = {
        "format": 3,
        "generation": GENERATION,
        "created": "2026-11-22T16:05:59+00:00",
        "trace_id": None,
        "span_id": None,
        "shelf": {"spec": shelf, "fingerprint": "directory-0123456789abcdef"},
        "added": [{"spec": spec, "fingerprint": "directory-0123456789abcdef"} for spec in added],
        "removed": removed,
        "skipped": {},
        "books_count": 3,
        "segments": [{"number": 1, "books": 3, "files": {"text.utf8": {"bytes": 4, "crc32": 1}}}],
        "files": {},
    }
    index = data_dir / "index"
    files = {
        index / "CURRENT": f"{GENERATION}\n".encode(),
        index / GENERATION / "manifest.json": json.dumps(manifest, separators=(",", ":")).encode(),
        index / GENERATION / "books.jsonl": b"{}\n" * 3,
        index / "segment-1" / "text.utf8": b"text",
    }
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return files
