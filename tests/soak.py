"""Long random programs: `make soak` runs them whole, every other run of the tests a twentieth.

What is random comes from one seed, which is printed when the tests begin. The same seed and share
repeat a failure.
"""

import os
import secrets
from fractions import Fraction

SHARE_VARIABLE = "GUTENBERG_EXPLORER_TEST_SHARE"
SEED_VARIABLE = "GUTENBERG_EXPLORER_TEST_SEED"

SHARE = Fraction(os.environ.get(SHARE_VARIABLE, "1/20"))
# Set for the processes that pytest-xdist starts, which have to agree.
SEED = int(os.environ.setdefault(SEED_VARIABLE, str(secrets.randbelow(2**32))))


def share_of(whole: int) -> int:
    """Return how many of so many steps of a random program this run takes, at least one."""
    return max(1, round(whole * SHARE))
