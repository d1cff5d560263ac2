"""The numbers of a child over time, of ssd_linked_identifiers: kept aside, so that memory stays flat.

SQLite opens its database without a name: in memory up to _CACHE, then in a file that is unlinked as it
is made. A number is sealed in it with a key that only this process has.
"""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from graph import Row, room
from loaders.identities import of_identity
from loaders.ssd.line import Line, Notes

_CACHE = 16_000_000  # bytes
_PAGE = 5_000
_UPN, _FORMER, _NHS = "upn", "former", "nhs_number"
# Item LINK003A of the specification, and what the scripts call the same.
_TYPES = {
    "unique pupil number": _UPN,
    "upn": _UPN,
    "former unique pupil number": _FORMER,
    "former upn": _FORMER,
    "nhs number": _NHS,
    "nhs no": _NHS,
    "nhs": _NHS,
}


class Numbers(NamedTuple):
    """What a child is or was known by on one day."""

    nhs_number: str | None = None
    upn: str | None = None
    former_upns: tuple[str, ...] = ()


class Links:
    """The identifiers of an extract that are read: pupil numbers and NHS numbers."""

    def __init__(self, notes: Notes, extracted: date) -> None:
        self._notes, self._extracted = notes, extracted
        self._key, self._cipher = os.urandom(32), AESGCM(AESGCM.generate_key(256))
        self._held = False
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute(f"PRAGMA cache_size = -{_CACHE // 1000}")
        self._db.execute("CREATE TABLE links (person BLOB, sealed BLOB)")

    def close(self) -> None:
        """Let everything go."""
        self._db.close()

    def read(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Read ssd_linked_identifiers; it makes no rows of its own."""
        page: list[tuple[bytes, bytes]] = []
        for line in lines:
            if (link := self._link(line)) is not None:
                page.append(link)
            if len(page) == _PAGE:
                self._put(page)
        self._put(page)
        yield from ()

    def of(self, child: str) -> Numbers:
        """The numbers of a child, as of the extract."""
        if not self._held:
            return Numbers()
        with room():
            found = self._db.execute(
                "SELECT sealed FROM links WHERE person = ?", (self._token(child),)
            ).fetchall()
        return self._numbers(sorted(self._open(sealed) for (sealed,) in found))

    def ready(self) -> None:
        """Make what was read quick to find."""
        if self._held:
            with room():
                self._db.execute("CREATE INDEX IF NOT EXISTS link ON links (person)")

    def _link(self, line: Line) -> tuple[bytes, bytes] | None:
        kind = kind_of(line)
        child = line.ident("link_person_id", need=True)
        value = line.text("link_identifier_value")
        period = line.period("link_valid_from_date", "link_valid_to_date", self._extracted)
        if kind is None or (value is None and not line.wrong):
            return None
        number = None
        if value is not None:
            number = _number("nhs_number" if kind == _NHS else "upn", value)
            if number is None:
                line.odd["link_identifier_value"] = "is not a number of its type; it is left out"
        for column, sentence in line.wrong.items():
            line.odd[column] = f"{sentence}; the identifier is left out"
        self._notes.warn(line)
        if child is None or number is None or line.wrong:
            return None
        said = [str(period.from_ or date.min), number, kind, str(period.to or date.max)]
        return self._token(child), self._seal(said)

    def _numbers(self, links: list[list[str]]) -> Numbers:
        """Of several the one that holds on the day of the extract and began last."""
        now = str(self._extracted)
        upns = [n for _, n, kind, to in links if kind == _UPN and to >= now]
        nhs = [n for _, n, kind, to in links if kind == _NHS and to >= now]
        upn = upns[-1] if upns else None
        former = dict.fromkeys(n for _, n, kind, _ in links if kind != _NHS and n != upn)
        return Numbers(nhs[-1] if nhs else None, upn, tuple(former))

    def _put(self, page: list[tuple[bytes, bytes]]) -> None:
        if page:
            with room():
                self._db.execute("BEGIN")
                self._db.executemany("INSERT INTO links VALUES (?, ?)", page)
                self._db.execute("COMMIT")
            self._held = True
            page.clear()

    def _token(self, child: str) -> bytes:
        return blake2b(child.encode(), key=self._key, digest_size=12).digest()

    def _seal(self, said: list[str]) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, "\t".join(said).encode(), None)

    def _open(self, sealed: bytes) -> list[str]:
        return self._cipher.decrypt(sealed[:12], sealed[12:], None).decode().split("\t")


def kind_of(line: Line) -> str | None:
    """What an identifier is; None for those that are never read, as of the Home Office or a court."""
    said = (line.text("link_identifier_type") or "").casefold()
    return _TYPES.get(re.sub(r"[^a-z]+", " ", said).strip())


def _number(field: str, value: str) -> str | None:
    with suppress(ValueError):
        return of_identity(field, value)
