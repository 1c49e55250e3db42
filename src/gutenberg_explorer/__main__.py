"""The command's first step, and `python -m gutenberg_explorer`."""

import gc
import os
import signal
from typing import NoReturn

# Nothing has begun yet that would have to be cleaned up. Indexing processes, and the workers of a
# server, come by here as well.
for _number in (signal.SIGINT, signal.SIGTERM):
    if signal.getsignal(_number) != signal.SIG_IGN:
        signal.signal(_number, lambda number, _: os._exit(128 + number))

# What a start makes stays: looking for garbage in it would cost a tenth of the start's time.
gc.disable()
# Pydantic would read the metadata of every installed package in search of plug-ins.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def main() -> NoReturn:
    """Run the command, and end this process with its exit code."""
    from gutenberg_explorer.cli import main as command  # noqa: PLC0415 - children have no use for it
    from gutenberg_explorer.cli.ending import run  # noqa: PLC0415

    run(command)


if __name__ == "__main__":
    main()
