"""Arrays in files, little-endian as `layout` lists them."""

import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gutenberg_explorer.index.damage import damage_in
from gutenberg_explorer.index.files import map_bytes


def map_array(path: Path, dtype: str) -> NDArray[Any]:
    """Map an array into memory, read-only. Raises IndexDamaged."""
    with damage_in(path.name):
        return np.frombuffer(map_bytes(path), dtype)


def release(*arrays: NDArray[Any]) -> None:
    """Give back the memory that reading mapped arrays took; they can still be read."""
    for array in arrays:
        base: object = array.base
        mapped = base.obj if isinstance(base, memoryview) else base
        if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            mapped.madvise(mmap.MADV_DONTNEED)


def write_array(path: Path, values: NDArray[Any], dtype: str) -> None:
    """Write an array. Raises OSError."""
    with path.open("wb") as file:
        # `tofile` tells of a full disk only that it has written less.
        file.write(np.ascontiguousarray(values, dtype).data)
