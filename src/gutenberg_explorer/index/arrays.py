"""Arrays in files, little-endian as `layout` lists them."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.files import map_bytes


def map_array(path: Path, dtype: str) -> NDArray[Any]:
    """Map an array into memory, read-only. Raises OSError, ValueError when it is cut short."""
    return np.frombuffer(map_bytes(path), dtype)


def write_array(path: Path, values: NDArray[Any], dtype: str) -> None:
    """Write an array. Raises OSError."""
    with path.open("wb") as file:
        values.astype(dtype, copy=False).tofile(file)
