import errno
import os
from pathlib import Path

import pytest

from gutenberg_explorer.disk_errors import naming, sentence


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "Free some space there"),
        (errno.EDQUOT, "raise the quota"),
        (errno.EFBIG, "ulimit -f"),
        (errno.EROFS, "Choose a folder"),
        (errno.EACCES, "Check the permissions"),
        (errno.EIO, "Check the disk"),
    ],
)
def test_a_sentence_names_the_file_the_reason_and_what_can_be_done(
    number: int, advice: str
) -> None:
    with pytest.raises(OSError, match=os.strerror(number)) as raised, naming(Path("/data/index")):
        raise OSError(number, os.strerror(number))
    told = sentence(raised.value)
    assert told.startswith(f"/data/index: {os.strerror(number)}. ")
    assert advice in told
    assert type(raised.value) is type(OSError(number, ""))


def test_an_error_that_names_a_file_keeps_it() -> None:
    with pytest.raises(FileNotFoundError) as raised, naming(Path("/data")):
        Path("/nowhere/file").read_bytes()
    assert sentence(raised.value) == "/nowhere/file: No such file or directory"


def test_an_error_without_a_number_is_told_as_it_is() -> None:
    with pytest.raises(OSError, match="was killed") as raised, naming(Path("/data")):
        raise OSError("an indexing process was killed")
    assert sentence(raised.value) == "an indexing process was killed"
