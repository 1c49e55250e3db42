"""Progress bars on a terminal; nothing elsewhere."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self

if TYPE_CHECKING:
    from tqdm import tqdm


class ProgressBars:
    """Shows one bar a task on standard error, for the length of a `with` block."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._task: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __call__(self, task: str, done: int, total: int | None, unit: str) -> None:
        """Show how far `task` is."""
        if not sys.stderr.isatty():
            return
        if task != self._task:
            from tqdm import tqdm  # noqa: PLC0415 - most starts have nothing to show

            self._close()
            self._bar = tqdm(desc=task, total=total, unit=unit, unit_scale=unit == "B")
            self._task = task
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
