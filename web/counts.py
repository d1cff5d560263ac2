"""What limits count, in a file that all who serve from one home share; Redis would be one more server.

A name in it is a keyed hash, so it tells no user and no address. What has run out goes with the next count.
"""

import sqlite3
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from time import time
from typing import Any

from limits.storage import Storage

SCHEME = "file"
_MADE = "CREATE TABLE IF NOT EXISTS counted (name BLOB PRIMARY KEY, number INT, until REAL) WITHOUT ROWID"
_COUNTED = """
INSERT INTO counted VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET number = number + excluded.number RETURNING number
"""


class Counts(Storage):
    """What flask-limiter counts in; opened at the first count, so that no worker has another's connection.

    uri: file:// and a path; key: of the hashes. Raises sqlite3.Error while the file cannot
    be used; flask-limiter then counts in the memory of each process.
    """

    STORAGE_SCHEME: list[str] | None = [SCHEME]  # noqa: RUF012

    def __init__(self, uri: str, wrap_exceptions: bool = False, *, key: str, **_: Any) -> None:
        super().__init__(uri, wrap_exceptions)
        self._file, self._lock = Path(uri.removeprefix(f"{SCHEME}://")), Lock()
        self._key = blake2b(key.encode(), person=b"limits").digest()
        self._db: sqlite3.Connection | None = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """What can go wrong."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count so many more; return how many there are. expiry: seconds from the first on."""
        self._run("DELETE FROM counted WHERE until <= ?", time())
        return self._run(_COUNTED, self._name(key), amount, time() + expiry)[0][0]

    def get(self, key: str) -> int:
        """How many there are."""
        return next((number for number, _ in self._found(key)), 0)

    def get_expiry(self, key: str) -> float:
        """When they run out, in seconds since 1970; now, where there are none."""
        return next((until for _, until in self._found(key)), time())

    def check(self) -> bool:
        """Whether the file can be used."""
        try:
            self.get("")
        except sqlite3.Error:
            return False
        return True

    def reset(self) -> None:
        """Forget all."""
        self._run("DELETE FROM counted")

    def clear(self, key: str) -> None:
        """Forget one."""
        self._run("DELETE FROM counted WHERE name = ?", self._name(key))

    def _found(self, key: str) -> list[Any]:
        wanted = "SELECT number, until FROM counted WHERE name = ? AND until > ?"
        return self._run(wanted, self._name(key), time())

    def _name(self, key: str) -> bytes:
        return blake2b(key.encode(), key=self._key, digest_size=16).digest()

    def _run(self, statement: str, *values: Any) -> list[Any]:
        with self._lock:
            self._db = self._db or self._opened()
            return self._db.execute(statement, values).fetchall()

    def _opened(self) -> sqlite3.Connection:
        made = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        self._file.chmod(0o600)
        # A count that a crash of the machine loses is no loss.
        made.execute("PRAGMA synchronous = OFF")
        made.execute(_MADE)
        return made
