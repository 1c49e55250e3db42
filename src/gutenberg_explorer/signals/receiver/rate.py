"""How often a door may be knocked at."""

import threading
import time
from collections.abc import Callable


class TokenBucket:
    """Lets `rate` calls through per second, and up to `burst` at once. Safe across threads."""

    def __init__(
        self,
        rate: float = 50.0,
        burst: int = 100,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError("a bucket needs a positive rate and a capacity of at least one")
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens = self._burst
        self._filled_at = clock()

    def take(self) -> float:
        """Return 0 when the call may go ahead, else the seconds until one may."""
        with self._lock:
            now = self._clock()
            elapsed = max(0.0, now - self._filled_at)
            self._filled_at = now
            self._tokens = min(self._burst, self._tokens + elapsed * self._rate)
            if self._tokens >= 1.0:
                self._tokens -= 1.0
                return 0.0
            return (1.0 - self._tokens) / self._rate
