"""Errors of files and disks, as sentences that name the file and say what can be done."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_ADVICE: Final = {
    errno.ENOSPC: "Free some space there, and run the command again",
    errno.EDQUOT: "Free some space there or raise the quota, and run the command again",
    errno.EFBIG: "The file system, or the limit of this process (ulimit -f), allows no larger file",
    errno.EROFS: "Choose a folder that can be written to",
    errno.EACCES: "Check the permissions of the file and its folders",
    errno.EPERM: "Check the permissions of the file and its folders",
    errno.EMFILE: "Raise the limit of open files of this process (ulimit -n)",
    errno.EIO: "Check the disk",
}


def sentence(error: OSError) -> str:
    """Return what went wrong with which file, and for common errors what can be done."""
    where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
    advice = _ADVICE.get(error.errno or 0)
    return f"{where}{error.strerror or error}" + (f". {advice}." if advice else "")


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an OSError of the `with` block name `path`, where it names no file.

    An error of writing names none, only one of opening does.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename is not None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None
