"""Strands of access records: each carries a keyed hash of itself and of the record before it.

A strand has one writer at a time, so that nobody waits for a common lock. A record's id is its strand,
a sign, and its place in it; so what is missing, moved or doubled shows in the ids alone.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any, NamedTuple

from graph.sealing import Keyring
from graph.store import Transaction

_DIGITS = 10


class End(NamedTuple):
    """Where a strand stands: how many records it has, and the hash of the last one."""

    strand: str
    records: int = 0
    hash: str = ""


class Pen:
    """Writes the next records of one strand, within one transaction."""

    def __init__(self, keyring: Keyring, start: End) -> None:
        self._keyring, self._start, self.end = keyring, start, start

    def afresh(self) -> "Pen":
        """The same, back where it was taken up: for each try of a transaction, as the last left nothing."""
        self.end = self._start
        return self

    def write(self, tx: Transaction, record: Mapping[str, Any]) -> None:
        """Write one record; record: what audit.access_record gives, without an id and a hash."""
        tx.run("access/record", record=self.bound(record))

    def bound(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record as it is stored: with its id, and bound to the one before it by its hash."""
        strand, place, before = self.end
        whole = {name: _stored(value) for name, value in record.items() if value is not None}
        whole["id"] = id_of(strand, place)
        whole["hash"] = hash_of(self._keyring, before, whole)
        self.end = End(strand, place + 1, whole["hash"])
        return whole


class Strands:
    """The strands that this process writes: as many as it has writers at one time."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._free: list[End] = []
        self._lock = Lock()

    def ends(self) -> list[End]:
        """Where the strands stand that nobody writes just now, as far as this process wrote them."""
        with self._lock:
            return list(self._free)

    @contextmanager
    def pen(self) -> Iterator[Pen]:
        """Take up a strand for one transaction; after an error nobody knows where it ends: it is left."""
        with self._lock:
            end = self._free.pop() if self._free else End(secrets.token_hex(8))
        pen = Pen(self._keyring, end)
        yield pen
        with self._lock:
            self._free.append(pen.end)


def id_of(strand: str, place: int) -> str:
    """The id of a strand's record, so that ids sort as places do."""
    return f"{strand}-{place:0{_DIGITS}}"


def place_of(record_id: str) -> tuple[str, int] | None:
    """The strand and the place that an id says; None where it is none of ours."""
    strand, sign, place = record_id.partition("-")
    if not (strand and sign and len(place) == _DIGITS and place.isdecimal() and place.isascii()):
        return None
    return strand, int(place)


def ends_since(tx: Transaction, since: datetime) -> list[End]:
    """Where the strands stand that were written to since an instant, by whichever process."""
    rows = [(place_of(row["last"]), row["hash"]) for row in tx.run("access/ends", since=since)]
    return [End(placed[0], placed[1] + 1, str(last)) for placed, last in rows if placed]


def furthest(ends: Iterable[End]) -> list[End]:
    """Of each strand, the end that is furthest on."""
    return list({end.strand: end for end in sorted(ends)}.values())


def hash_of(keyring: Keyring, before: str, record: Mapping[str, Any]) -> str:
    """The keyed hash of a record as it is stored, and of the hash before it; 32 hexadecimal digits.

    What is no text, number or list is hashed with its type: as a map, which no property can be.
    """
    said = {name: value for name, value in record.items() if name != "hash"}
    return keyring.stamp("access", before, _IN_JSON(said))


def _stored(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _typed(value: Any) -> dict[str, str]:
    text = value.isoformat() if isinstance(value, (date, datetime)) else repr(value)
    return {type(value).__name__: text}


_IN_JSON = json.JSONEncoder(sort_keys=True, default=_typed).encode
