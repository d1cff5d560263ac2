"""A load on its way: each row once, in a private temporary database, so that memory stays flat.

SQLite opens it without a name: it is kept in memory up to CACHE, then in a file that is unlinked as it
is made. What a row says of a person is sealed in it with a key that only this process has.
"""

import gc
import os
import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from graph.errors import LoadStopped

CACHE = 4_000_000  # bytes
PAGE = 5_000
_NO_ROOM = (["FULL"], ["IOERR"], ["CANTOPEN"])
_SCHEMA = """
CREATE TABLE said (seq INTEGER PRIMARY KEY, tab TEXT, key TEXT, content TEXT, child TEXT, place TEXT,
                   service TEXT, other TEXT, mark INTEGER, open INTEGER, until TEXT, fault TEXT, sealed BLOB);
CREATE INDEX said_key ON said (tab, key);
CREATE TABLE live (tab TEXT, key TEXT, content TEXT, open INTEGER, later INTEGER,
                   PRIMARY KEY (tab, key)) WITHOUT ROWID;
CREATE TABLE held (tab TEXT, key TEXT, PRIMARY KEY (tab, key)) WITHOUT ROWID;
CREATE TABLE known (record TEXT PRIMARY KEY, child TEXT) WITHOUT ROWID;
CREATE TABLE there (own TEXT, id TEXT, PRIMARY KEY (own, id)) WITHOUT ROWID;
CREATE TABLE taken (record TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@contextmanager
def room() -> Iterator[None]:
    """Raise LoadStopped, with what to do, where the disk is full under a temporary database."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").split("_")[1:2] not in _NO_ROOM:
            raise
        raise LoadStopped(
            "The folder for temporary files is full, or cannot be written. What was loaded so far stays "
            "and is right; make room (or set TMPDIR to another folder), and load the same file again."
        ) from None


@contextmanager
def uncollected() -> Iterator[None]:
    """Rest the garbage collector: rows, children and records hold no cycles, and walking them takes long."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Rest(NamedTuple):
    """What a row says that tells nobody who is meant, or is sealed while it waits.

    place: its file and line. service, other: the source's own ids of what it ties. mark: what the
    table sorts by. open: whether it has no end. until: its last day. fault: why it is not taken.
    whole: what is written, and what a fault would say, packed; it is what is sealed.
    """

    place: str
    service: str | None
    other: str | None
    mark: int
    open: bool
    until: str | None
    fault: str | None
    whole: bytes


class Said(NamedTuple):
    """One row, ready to be held against the graph.

    table, key, content: as the plan has them. child: the token of the child's record.
    """

    table: str
    key: str
    content: str
    child: str | None
    rest: Rest


def packed(whole: Any) -> bytes:
    """Anything, as a row holds it while it waits."""
    return pickle.dumps(whole)


class Spool:
    """The rows of one load, what the graph has in force, and how they differ."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute(f"PRAGMA cache_size = -{CACHE // 1000}")
        self._db.executescript(_SCHEMA)
        self._cipher = AESGCM(AESGCM.generate_key(256))

    def close(self) -> None:
        """Let everything go."""
        self._db.close()

    def put(self, rows: Iterable[Said]) -> None:
        """Keep rows."""
        text = "INSERT INTO said VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        self._many(text, ((*row[:4], *row.rest[:7], self._seal(row.rest.whole)) for row in rows))

    def hold(self, keys: Iterable[tuple[str, str]]) -> None:
        """Note tables and keys of rows that were sent and not taken: they are not missing."""
        self._many("INSERT OR IGNORE INTO held VALUES (?, ?)", keys)

    def forget(self) -> None:
        """Start again with what the graph has in force; rows stay, without the faults of `refuse`."""
        for table in ("live", "known", "there"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608
        self._db.execute("UPDATE said SET fault = NULL WHERE fault LIKE 'names a %'")

    def live(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Note the versions in force of a table: key, content, open and later of each.

        open: of children, who have no end, whether it is long since they were said. later: whether a
        later extract said it.
        """
        said = ((table, row["key"], row["content"], row["open"], row["later"]) for row in rows)
        self._many("INSERT OR REPLACE INTO live VALUES (?, ?, ?, ?, ?)", said)

    def know(self, children: Iterable[tuple[str, str]]) -> None:
        """Note which child a record token is."""
        self._many("INSERT OR REPLACE INTO known VALUES (?, ?)", children)

    def child(self, record: str) -> str | None:
        """The child of a record token."""
        return self._one("SELECT child FROM known WHERE record = ?", record)

    def there(self, own: str, ids: Iterable[str]) -> None:
        """Note local ids of a table that the graph has already."""
        self._many("INSERT OR IGNORE INTO there VALUES (?, ?)", ((own, one) for one in ids))

    def absent(self, column: str, tables: Sequence[str], own: str) -> Iterator[list[str]]:
        """Ids in a column of some tables for which there is no good row in the table `own`, in pages."""
        marks = ", ".join("?" * len(tables))
        held = "other" if own == "practitioners" else "service"
        found = self._db.execute(
            f"SELECT DISTINCT {column} FROM said WHERE tab IN ({marks}) AND {column} NOT IN"  # noqa: S608
            f" (SELECT {held} FROM said WHERE tab = ? AND fault IS NULL)",
            (*tables, own),
        )
        while page := [row[0] for row in found.fetchmany(PAGE)]:
            yield page

    def refuse(self, sentence: str, column: str, tables: Sequence[str], own: str) -> None:
        """Give a fault to the rows that name in `column` what neither the extract nor the graph has."""
        marks = ", ".join("?" * len(tables))
        held = {"practitioners": "other", "children": "child"}.get(own, "service")
        there = (
            "SELECT record FROM known"
            if own == "children"
            else "SELECT id FROM there WHERE own = ?"
        )
        named = (own,) if own != "children" else ()
        self._db.execute(
            f"UPDATE said SET fault = ? WHERE tab IN ({marks}) AND fault IS NULL"  # noqa: S608
            f" AND {column} NOT IN (SELECT {held} FROM said WHERE tab = ? AND fault IS NULL)"
            f" AND {column} NOT IN ({there})"
            " AND NOT EXISTS (SELECT 1 FROM taken WHERE record = said.child)",
            (sentence, *tables, own, *named),
        )

    def refuse_repeats(self, sentence: str) -> None:
        """Give a fault, which ends in its place, to the rows whose key an earlier row of their table has."""
        self._db.execute(
            "UPDATE said SET fault = ? || first.place FROM said AS first WHERE"
            # The sign keeps SQLite from going through all earlier rows.
            " first.tab = said.tab AND first.key = said.key AND +first.seq < said.seq",
            (sentence,),
        )

    def take_back(self, mark: int | None) -> None:
        """Note whose record the extract takes back: by a withdrawal, or by an involvement of this mark."""
        self._db.execute(
            "INSERT OR IGNORE INTO taken SELECT child FROM said"
            " WHERE tab = 'withdrawals' OR (tab = 'involvements' AND mark = ?)",
            (mark,),
        )

    def skip_withdrawn(self) -> int:
        """Take for unchanged what the extract says of children whom it takes back; return how much."""
        return self._db.execute(
            "INSERT OR REPLACE INTO live SELECT tab, key, content, 0, 0 FROM said"
            " WHERE tab <> 'withdrawals' AND fault IS NULL AND child IN (SELECT record FROM taken)"
        ).rowcount

    def skip_older(self) -> int:
        """Take for unchanged what a later extract said otherwise, unless it shields; return how much."""
        return self._db.execute(
            "UPDATE live SET content = said.content FROM said WHERE live.later AND fault IS NULL"
            " AND said.tab = live.tab AND said.key = live.key AND said.content <> live.content"
            " AND NOT (said.tab = 'children' AND said.mark)"
        ).rowcount

    def still_said(self) -> Iterator[str]:
        """Keys of children who are as they were, where it is long since they were said."""
        found = self._db.execute(
            "SELECT key FROM said JOIN live USING (tab, key) WHERE tab = 'children' AND live.open"
            " AND live.content = said.content AND fault IS NULL"
        )
        return (key for (key,) in found)

    def skip_past(self, tables: Sequence[str], day: str) -> int:
        """Take for unchanged what ended before a day and the graph does not have; return how much.

        So, too, children of whom the extract says nothing else, unless it shields them.
        """
        marks = ", ".join("?" * len(tables))
        past = f"FROM said WHERE tab IN ({marks}) AND fault IS NULL AND"
        skip = "INSERT OR IGNORE INTO live SELECT tab, key, content, 0, 0 FROM said WHERE"
        count = self._db.execute(
            f"{skip} tab IN ({marks}) AND fault IS NULL AND until < ?",
            (*tables, day),
        ).rowcount
        self._db.execute(
            f"{skip} tab = 'children' AND fault IS NULL AND NOT mark"  # noqa: S608
            " AND child NOT IN (SELECT record FROM known)"
            f" AND child IN (SELECT child {past} until < ?)"
            f" AND child NOT IN (SELECT child {past} (until IS NULL OR until >= ?))",
            (*tables, day, *tables, day),
        )
        return count

    def withdrawn(self) -> Iterator[str]:
        """Record tokens of children whom the extract takes back, and the graph has.

        Those that it does not have are noted as taken back before.
        """
        self._db.execute(
            "INSERT OR REPLACE INTO live SELECT tab, key, content, 0, 0 FROM said"
            " WHERE tab = 'withdrawals' AND child NOT IN (SELECT record FROM known)"
        )
        found = self._db.execute("SELECT record FROM taken JOIN known USING (record)")
        return (record for (record,) in found)

    def faults(self) -> Iterator[tuple[str, str, Any]]:
        """Table, sentence and whole of each row that is not taken."""
        found = self._db.execute("SELECT tab, fault, sealed FROM said WHERE fault IS NOT NULL")
        return ((table, fault, self._open(sealed)) for table, fault, sealed in found)

    def counts(self) -> dict[str, tuple[int, int, int]]:
        """How many rows of each table are new, changed and unchanged."""
        found = self._db.execute(
            "SELECT said.tab, sum(live.key IS NULL), sum(live.content <> said.content),"
            " sum(live.content = said.content) FROM said LEFT JOIN live USING (tab, key)"
            " WHERE fault IS NULL GROUP BY said.tab"
        )
        return {table: (new or 0, changed or 0, same or 0) for table, new, changed, same in found}

    def open_involvements(self) -> tuple[int, int]:
        """How many involvements are open, and how many of them name no worker in this extract."""
        good = "tab = 'involvements' AND open AND fault IS NULL"
        every = self._one(f"SELECT count(*) FROM said WHERE {good}")  # noqa: S608
        return every, self._one(
            "SELECT count(*) FROM said WHERE tab = 'involvements' AND open AND fault IS NULL AND"
            " child || ' ' || service NOT IN (SELECT child || ' ' || service FROM said"
            " WHERE tab = 'allocations'"
            " AND open AND fault IS NULL)"
        )

    def missing(self, table: str) -> Iterator[str]:
        """Keys of a table that are open in the graph and were not sent."""
        found = self._db.execute(
            "SELECT key FROM live WHERE tab = ? AND open"
            " AND NOT EXISTS (SELECT 1 FROM said WHERE said.tab = live.tab AND said.key = live.key)"
            " AND NOT EXISTS (SELECT 1 FROM held WHERE held.tab = live.tab AND held.key = live.key)",
            (table,),
        )
        return (key for (key,) in found)

    def count_missing(self, table: str) -> int:
        """How many those are."""
        return sum(1 for _ in self.missing(table))

    def open(self, table: str) -> int:
        """How many the graph has open."""
        return self._one("SELECT count(*) FROM live WHERE tab = ? AND open", table)

    def differing(self, table: str, known: bool | None = None) -> Iterator[Any]:
        """What is to be written of a table: rows with columns of Said, and `whole` opened.

        known: only what the graph has, or has not, in another version. Children come highest mark first.
        """
        version = {None: "", True: " AND live.key IS NOT NULL", False: " AND live.key IS NULL"}
        order = "said.mark DESC, said.seq" if table == "children" else "said.seq"
        return self._rows(
            f"said.tab = ? AND live.content IS NOT said.content{version[known]} ORDER BY {order}",
            table,
        )

    def withdrawing(self, mark: int) -> Iterator[Any]:
        """Every involvement of this mark, whatever the graph has: it withdraws consent while it is said."""
        return self._rows("said.tab = 'involvements' AND said.mark = ?", mark)

    def giving(self, mark: int, withdrawn: int) -> Iterator[Any]:
        """Involvements of this mark that differ, where none in the extract withdraws what they give."""
        return self._rows(
            "said.tab = 'involvements' AND said.mark = ? AND live.content IS NOT said.content"
            " AND known.child || ' ' || said.service NOT IN"
            " (SELECT k.child || ' ' || s.service FROM said AS s JOIN known AS k ON k.record = s.child"
            " WHERE s.tab = 'involvements' AND s.mark = ? AND s.fault IS NULL)",
            mark,
            withdrawn,
        )

    def _rows(self, which: str, *values: Any) -> Iterator[Any]:
        found = self._db.execute(
            "SELECT said.key, said.content, known.child, said.service, said.other, said.mark, sealed"  # noqa: S608
            " FROM said LEFT JOIN live USING (tab, key)"
            " LEFT JOIN known ON known.record = said.child"
            f" WHERE fault IS NULL AND {which}",
            values,
        )
        return (Differing._make((*row[:6], self._open(row[6]))) for row in found)

    def _one(self, text: str, *values: Any) -> Any:
        found = self._db.execute(text, values).fetchone()
        return found[0] if found else None

    def _many(self, text: str, rows: Iterable[Sequence[Any]]) -> None:
        # One transaction a page: without it, each row would be one of its own.
        rows = iter(rows)
        while page := list(islice(rows, PAGE)):
            self._db.execute("BEGIN")
            self._db.executemany(text, page)
            self._db.execute("COMMIT")

    def _seal(self, whole: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, whole, None)

    def _open(self, sealed: bytes) -> Any:
        # What is loaded was sealed by this process, with a key that never left it.
        return pickle.loads(self._cipher.decrypt(sealed[:12], sealed[12:], None))  # noqa: S301


class Differing(NamedTuple):
    """A row that says what the graph does not have: its child is the graph's id, where it is known."""

    key: str
    content: str
    child: str | None
    service: str | None
    other: str | None
    mark: int
    whole: Any
