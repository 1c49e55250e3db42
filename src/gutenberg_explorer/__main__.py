"""The command's first step, and `python -m gutenberg_explorer`."""

import gc

# What a start makes stays: looking for garbage in it would cost a tenth of the start's time.
gc.disable()

from gutenberg_explorer.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
