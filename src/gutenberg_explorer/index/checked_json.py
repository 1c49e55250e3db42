"""JSON files with a checksum of their own inside, each replaced in one step.

The first member of the object, `sha256`, is that of the object without it. So a bit that flips, or
an end that is missing, is found out, and the file still is what any program reads as JSON.
"""

import hashlib
import re
from pathlib import Path

from gutenberg_explorer.index.files import replace

_CHECKSUM = re.compile(rb'\{"sha256":"([0-9a-f]{64})",')


def write_checked(path: Path, json: str) -> None:
    """Write a JSON object that has members to a file, durably and at once. Raises OSError."""
    data = json.encode()
    checksum = hashlib.sha256(data).hexdigest()
    replace(path, b'{"sha256":"%s",%s' % (checksum.encode(), data[1:]))


def read_checked(path: Path) -> bytes:
    """Return the JSON that was written, without its checksum.

    Raises OSError, and ValueError when the file is not what was written.
    """
    data = path.read_bytes()
    found = _CHECKSUM.match(data)
    if not found:
        raise ValueError("it has no checksum")
    json = b"{" + data[found.end() :]
    if hashlib.sha256(json).hexdigest().encode() != found[1]:
        raise ValueError("it does not match its checksum")
    return json
