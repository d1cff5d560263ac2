"""What limits count, in memory that all workers of a server share: it is on no disk, and ends with them.

A place of its own, since flask-limiter knows one process's memory, or one more server (Redis and such).
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from mmap import mmap
from struct import Struct
from threading import Lock
from time import time
from weakref import finalize

from limits.storage import Storage

SCHEME = "shared"
SLOTS, TRIED = 1 << 16, 16
# A hash of the name, when it runs out (in seconds since 1970), and the number.
_SLOT = Struct("=16sdQ")
Place = tuple[int, float, int]


class Counts:
    """Numbers by name, each until it runs out; make it before the workers are forked.

    A name may stand in TRIED of the SLOTS; where all of them are taken, the one that runs out first goes.
    """

    def __init__(self) -> None:
        self._memory = mmap(-1, SLOTS * _SLOT.size)
        # A lock on a file goes with a worker that is killed; threads of one worker need one besides.
        with tempfile.TemporaryFile() as file:
            self._file, self._lock = os.dup(file.fileno()), Lock()
        finalize(self, os.close, self._file)

    def add(self, name: str, seconds: float, amount: int) -> int:
        """Add to a number, which runs out so many seconds after the first; return what it is then."""
        with self._alone():
            at, until, number = self._found(name)
            self._put(at, name, until or time() + seconds, number + amount)
            return number + amount

    def said(self, name: str) -> tuple[int, float]:
        """A number, and when it runs out; 0 and now, where there is none."""
        with self._alone():
            _, until, number = self._found(name)
            return number, until or time()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _found(self, name: str) -> Place:
        """Where it stands, until when, and its number; else a place that it may have, 0 and 0."""
        wanted, now = _hashed(name), time()
        places: list[Place] = []
        for tried in range(TRIED):
            at = (int.from_bytes(wanted[:4], "big") + tried) % SLOTS * _SLOT.size
            held, until, number = _SLOT.unpack_from(self._memory, at)
            if held == wanted and until > now:
                return at, until, number
            places.append((at, until, number))
        at, *_ = min(places, key=lambda place: place[1])
        return at, 0.0, 0

    def _put(self, at: int, name: str, until: float, number: int) -> None:
        _SLOT.pack_into(self._memory, at, _hashed(name), until, number)


class Counted(Storage):
    """The same as flask-limiter wants it; uri: shared://, counts: where they are."""

    STORAGE_SCHEME: list[str] | None = [SCHEME]  # noqa: RUF012

    def __init__(self, uri: str, *, counts: Counts) -> None:
        super().__init__(uri)
        self._counts = counts

    @property
    def base_exceptions(self) -> type[Exception]:
        """What can go wrong with a lock."""
        return OSError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count so many more, for `expiry` seconds from the first on; return how many there are."""
        return self._counts.add(key, expiry, amount)

    def get(self, key: str) -> int:
        """How many there are."""
        return self._counts.said(key)[0]

    def get_expiry(self, key: str) -> float:
        """When they run out, in seconds since 1970; now, where there are none."""
        return self._counts.said(key)[1]

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> None:
        """flask-limiter takes this for: it cannot be done. Nothing is forgotten before it runs out."""
        raise NotImplementedError

    def clear(self, key: str) -> None:
        """The same of one."""
        raise NotImplementedError


def _hashed(name: str) -> bytes:
    return blake2b(name.encode(), digest_size=16).digest()
