"""The command's first step, and `python -m gutenberg_explorer`."""

import gc
import os

# What a start makes stays: looking for garbage in it would cost a tenth of the start's time.
gc.disable()
# Pydantic would read the metadata of every installed package in search of plug-ins.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from gutenberg_explorer.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
