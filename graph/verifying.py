"""Whether every access record is where it was written, as it was written, and none is missing."""

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from typing import Any, NamedTuple

from graph.anchors import Anchors
from graph.audit import Damage
from graph.embedded import Connection
from graph.sealing import Keyring
from graph.spool import uncollected
from graph.store import Store, Transaction
from graph.strands import End, hash_of, id_of, place_of

PIECE = 5_000  # records: so many come in one row, since a row for each takes the driver longer
PROCESSES = 2
_LAST = "\U0010ffff"  # no id of ours comes after it
# In UTC, by its offset or by its name, and no finer than a microsecond.
_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?Z)(\[UTC\])?")
Progress = Callable[[str, int, int], None]


class Verified(NamedTuple):
    """How many records, strands and anchors there are, and what is damaged, in the order of ids."""

    records: int
    strands: int
    anchors: int
    damage: list[Damage]


class Piece(NamedTuple):
    """Records by their ids: from `first` on, to before `last`."""

    first: str
    last: str


@dataclass
class Found:
    """How many records were held to one another, where strands end among them, and what is wrong."""

    records: int = 0
    ends: dict[str, End] = field(default_factory=dict)
    damage: list[Damage] = field(default_factory=list)


class Examiner:
    """Holds records to one another, in the order of their ids.

    points: hashes of anchored records, by their ids. at: the record before the first.
    """

    def __init__(self, keyring: Keyring, points: Mapping[str, str], at: End) -> None:
        self._keyring, self._points, self._at = keyring, points, at
        self.found = Found()

    def take(self, record: Mapping[str, Any]) -> None:
        """Hold one more record to the one before it."""
        self.found.records += 1
        placed = place_of(record["id"])
        if placed is None:
            self.found.damage.append(Damage(record["id"], "has an id that is none of ours"))
            return
        strand, place = placed
        before = self._at if self._at.strand == strand else End(strand)
        self._at = self.found.ends[strand] = End(strand, place + 1, str(record.get("hash")))
        if sentence := self._wrong(before, place, record):
            self.found.damage.append(Damage(record["id"], sentence))

    def _wrong(self, before: End, place: int, record: Mapping[str, Any]) -> str | None:
        if place > before.records:
            return f"follows a gap: {place - before.records:,} before it are missing"
        if place < before.records:
            return "stands twice"
        if self._at.hash != hash_of(self._keyring, before.hash, record):
            return "was changed, or stands where another was written"
        if self._points.get(record["id"], self._at.hash) != self._at.hash:
            return "is not the one that was anchored"
        return None


def verify(
    store: Store, connection: Connection, keyring: Keyring, anchors: Anchors, progress: Progress
) -> Verified:
    """Hold every record to the one before it, every strand to the anchors, and these to one another.

    connection: for other processes, the same as the store's. progress: told records done and in all.
    Return what was found. Raises AnchorsAway.
    """
    signed, bad = anchors.read()
    points = {id_of(end.strand, end.records - 1): end.hash for one in signed for end in one.ends}
    rows = store.within(lambda tx: tx.run("access/strands"), seconds=120)
    [unnamed] = store.within(
        lambda tx: tx.run("report/nameless", last=_LAST, clearance=[]), seconds=120
    )
    strands = {row["strand"]: row["records"] for row in rows}
    total, whole = sum(strands.values()), Found(damage=bad)
    parts = list(pieces(strands))
    for one in _each(store, connection, keyring, points, parts):
        whole.records += one.records
        whole.ends |= one.ends
        whole.damage += one.damage
        progress("access records", whole.records, total)
    anchored = {end.strand: end for one in signed for end in one.ends}
    whole.damage += _cut_off(anchored, whole.ends)
    if nameless := unnamed["records"]:
        whole.damage.append(Damage("", f"{nameless:,} records without an id that can be one"))
    records = whole.records + nameless
    return Verified(records, len(whole.ends), len(signed) + len(bad), sorted(whole.damage))


def pieces(strands: Mapping[str, int]) -> Iterator[Piece]:
    """Parts of about PIECE records that together hold every id that there can be.

    strands: how many records each has, in the order of their names.
    """
    first, held = "", 0
    for strand, count in strands.items():
        done = 0
        while held + count - done > PIECE:
            done += PIECE - held
            yield Piece(first, last := id_of(strand, done))
            first, held = last, 0
        held += count - done
    yield Piece(first, _LAST)


def examine(store: Store, keyring: Keyring, points: Mapping[str, str], piece: Piece) -> Found:
    """Hold the records of a piece to one another, the first to the one before the piece."""

    def work(tx: Transaction) -> Found:
        examiner = Examiner(keyring, points, _before(tx, piece.first))
        [row] = tx.run("access/records", first=piece.first, last=piece.last)
        for record in row["records"]:
            examiner.take(_whole(**record))
        return examiner.found

    with uncollected():
        return store.within(work, seconds=120)


def _whole(record: dict[str, Any], zoned: bool) -> dict[str, Any]:
    """A record with its instant, which comes as text, since the driver takes three times as long for it.

    One that is not as we write it, as in another zone, stays text, and so is found to be changed.
    """
    ours = zoned and _WRITTEN.fullmatch(record["at"])
    return {**record, "at": datetime.fromisoformat(ours[1])} if ours else record


def _before(tx: Transaction, first: str) -> End:
    for row in tx.run("access/before", first=first):
        if placed := place_of(row["id"]):
            return End(placed[0], placed[1] + 1, str(row["hash"]))
    return End("")


def _cut_off(anchored: Mapping[str, End], ends: Mapping[str, End]) -> Iterator[Damage]:
    """What was anchored of a strand and is past its end now."""
    for strand, last in anchored.items():
        held = ends.get(strand, End(strand)).records
        if held < last.records:
            sentence = f"is missing, and {last.records - held:,} in all that an anchor has"
            yield Damage(id_of(strand, held), sentence)


def _each(
    store: Store,
    connection: Connection,
    keyring: Keyring,
    points: Mapping[str, str],
    parts: list[Piece],
) -> Iterator[Found]:
    """Each piece, examined; many of them side by side, in processes of their own."""
    if len(parts) <= PROCESSES:
        yield from (examine(store, keyring, points, part) for part in parts)
        return
    told = (connection, keyring.keys, points)
    context = get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, context, _begin, told) as processes:
        yield from processes.map(_examine, parts)


class _Process(NamedTuple):
    """What one process works with."""

    store: Store
    keyring: Keyring
    points: Mapping[str, str]


_own: list[_Process] = []


def _begin(connection: Connection, keys: dict[str, bytes], points: Mapping[str, str]) -> None:
    _own.append(_Process(Store(connection), Keyring(keys), points))


def _examine(piece: Piece) -> Found:
    [own] = _own
    return examine(own.store, own.keyring, own.points, piece)
