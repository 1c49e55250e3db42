"""How a command ends: by a signal, when nobody reads its output, or when that can't be written."""

import io
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, NoReturn, TextIO

import click

from gutenberg_explorer.disk_errors import sentence

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_OUTPUT: Final = "standard output"


def exit_code(number: int) -> int:
    """Return the exit code that tells a shell of the signal with this number."""
    return 128 + number


class _Ending:
    """The end that a signal has brought about."""

    code: int | None = None


def end_at_signals(code: Callable[[int], int] = exit_code) -> None:
    """End this process with `code(number)` when SIGINT or SIGTERM tell it to, cleaning up first.

    A second signal ends it at once. One that is ignored, as in a shell's background job, stays so.
    """
    handled = [each for each in _SIGNALS if signal.getsignal(each) != signal.SIG_IGN]

    def end(number: int, _frame: FrameType | None) -> None:
        _Ending.code = ended = code(number)
        for each in handled:
            signal.signal(each, lambda *_: os._exit(ended))
        # Where Python passes no exception on, as in a finalizer, nothing can be cleaned up.
        sys.unraisablehook = lambda _: os._exit(ended)
        sys.exit(ended)

    for each in handled:
        signal.signal(each, end)


class _Output(io.FileIO):
    """Standard output or standard error, whose errors name it."""

    is_broken = False
    """Whether nobody reads it any more."""
    drops = False
    """Whether what can't be written is dropped without an error."""

    def write(self, data: Any, /) -> int:
        """Write some of `data`, and return how many bytes it was. Raises OSError."""
        try:
            return super().write(data)
        except OSError as error:
            self.is_broken = isinstance(error, BrokenPipeError)
            if self.drops:
                return len(data)
            raise OSError(error.errno, error.strerror, _OUTPUT) from None


def _replaced(stream: TextIO) -> tuple[TextIO, _Output | None]:
    """Return a stream that writes to the same file by way of an `_Output`, if there is a file."""
    try:
        output = _Output(stream.fileno(), "wb", closefd=False)
    except (AttributeError, OSError, ValueError):
        return stream, None
    replacing = io.TextIOWrapper(
        io.BufferedWriter(output),
        stream.encoding,
        stream.errors,
        line_buffering=bool(stream.line_buffering),
        write_through=stream.write_through,  # type: ignore[attr-defined]
    )
    return replacing, output


def _complete(command: Callable[[], object]) -> Any:
    """Run a command and write out what it has printed; return what it gave to `sys.exit`."""
    code: Any = 0
    try:
        try:
            command()
        except SystemExit as ended:
            code = ended.code
        if sys.stdout:
            sys.stdout.flush()
    except OSError as error:
        if error.filename != _OUTPUT:
            raise
        if not isinstance(error, BrokenPipeError):
            click.echo(f"Error: {sentence(error)}", err=True)
            return code or 1
    return code


def run(command: Callable[[], object]) -> NoReturn:
    """Run a command and end this process.

    The exit code is the one that the command ends with, or tells of the signal that ended it;
    SIGPIPE, where nobody read its output. It is 1 where the output can't be written.
    """
    end_at_signals()
    sys.stdout, output = _replaced(sys.stdout)
    sys.stderr, errors = _replaced(sys.stderr)
    if errors:
        errors.drops = True  # there is nowhere to tell of it
    code = _complete(command)
    for each in _SIGNALS:  # there is nothing left to be ended
        signal.signal(each, signal.SIG_IGN)
    if _Ending.code:
        os._exit(_Ending.code)
    if output:
        output.drops = True
        if output.is_broken and _Ending.code is None:
            code = exit_code(signal.SIGPIPE)
    sys.exit(code if _Ending.code is None else _Ending.code)
