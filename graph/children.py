"""Which child a row of a source is: exact matching, for now, in a chunk of rows at a time."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.matching import tokens_of
from graph.plan import Plan, content_of
from graph.rows import ChildRow
from graph.sealing import Keyring
from graph.store import Transaction

KINDS = ("nhs", "upn")


@dataclass
class Chunk:
    """Some rows of children, matched within one transaction that holds the lock.

    ids: record to child, for the rows so far; for_review: rows whose identifiers do not agree.
    """

    rows: Sequence[tuple[str, ChildRow]]
    plan: Plan
    keyring: Keyring
    ids: dict[str, str] = field(default_factory=dict)
    for_review: int = 0

    def write(self, tx: Transaction, save: Callable[[list[dict[str, Any]]], None]) -> None:
        """Match every row, save them, and spread shielding over all who share a token."""
        tokens = [tokens_of(row.identity, self.keyring.token) for _, row in self.rows]
        there = self._there(tx, tokens)
        save(
            [
                self._row(key, row, own, there)
                for (key, row), own in zip(self.rows, tokens, strict=True)
            ]
        )
        tx.run("load/shield", children=list(self.ids.values()))

    def _there(
        self, tx: Transaction, tokens: Sequence[Mapping[str, str]]
    ) -> dict[tuple[str, str], dict[str, str | None]]:
        """Kind and token to the children who carry it, each with the mark beside it."""
        wanted = {kind: [own[kind] for own in tokens if kind in own] for kind in KINDS}
        records = [self.plan.record_of(row.record) for _, row in self.rows]
        found: dict[tuple[str, str], dict[str, str | None]] = {}
        for row in tx.run("load/match_children", records=records, **wanted):
            found.setdefault((row["kind"], row["token"]), {})[row["child"]] = row["mark"]
        return found

    def _row(
        self,
        key: str,
        row: ChildRow,
        own: Mapping[str, str],
        there: dict[tuple[str, str], dict[str, str | None]],
    ) -> dict[str, Any]:
        record = self.plan.record_of(row.record)
        said = there.get(("record", record), {})
        fits = {k: there.get((k, own[k]), {}) for k in KINDS if k in own}
        first = next((sorted(children)[0] for children in fits.values() if children), None)
        child = next(iter(sorted(said)), None) or first or uuid.uuid4().hex
        self.for_review += _doubtful(child, own, said, fits)
        self.ids[record] = child
        there.setdefault(("record", record), {})[child] = own.get("nhs")
        for kind in fits:
            there.setdefault((kind, own[kind]), {}).setdefault(child, own.get("born"))
        return self._written(key, record, child, row, own)

    def _written(
        self, key: str, record: str, child: str, row: ChildRow, own: Mapping[str, str]
    ) -> dict[str, Any]:
        born = row.identity.birth_date
        return {
            "child": child,
            "birth_year": born.year if born else None,
            "shielded": row.shielded or record in self.plan.hiding,
            "key": key,
            "edge": {
                "record": record,
                "content": content_of(row, self.keyring),
                "sealed": self.keyring.seal(row.identity, child),
                **{f"{kind}_token": token for kind, token in own.items()},
            },
        }


def _doubtful(
    child: str,
    own: Mapping[str, str],
    said: Mapping[str, str | None],
    fits: Mapping[str, Mapping[str, str | None]],
) -> bool:
    """True where identifiers point to several children, a number is new, or births disagree."""
    elsewhere = any(other != child for children in fits.values() for other in children)
    renumbered = any(mark and own.get("nhs") not in (None, mark) for mark in said.values())
    births = {mark for mark in fits.get("nhs", {}).values() if mark}
    other_birth = "born" in own and bool(births) and own["born"] not in births
    return elsewhere or renumbered or other_birth
