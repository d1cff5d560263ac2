"""The questions of a steward: which children may be one, and who are the two of this pair?"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from graph.access import Permission
from graph.asking import Asking
from graph.comparing import Person, person_of
from graph.fields import PageNumber
from graph.matching import Score, best, rank
from graph.model import Identity, Model
from graph.questions import Question

PAGE = 25


class Verdict(StrEnum):
    """What a steward may judge of a pair; OPEN takes a judgement back."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    OPEN = "open"


class PairLine(Model):
    """A pair of children who may be one, in a list: nothing of who they are.

    author: who judged it, "signpost" where it was joined without a steward; None while nobody has.
    """

    handle: str
    judgement: Verdict
    score: float
    found_at: datetime
    author: str | None = None
    judged_at: datetime | None = None
    sources: Sequence[str] = ()
    shielded: bool = False


class PairList(Model):
    """A page of pairs, and how many there are of each judgement."""

    judgement: Verdict
    pairs: Sequence[PairLine] = ()
    counts: Mapping[str, int]
    page: int = 1
    pages: int = 1

    @property
    def shown(self) -> int:
        """How many pairs are shown; for the access record."""
        return len(self.pairs)


class Known(Model):
    """Who one source says that a child is; the service that told it is not shown."""

    source: str
    asserted_on: date
    identity: Identity


class Compared(Model):
    """One field of a pair, side by side. weight: in bits, over 0 where it speaks for one child."""

    field: str
    agreement: str
    weight: float


class Judged(Model):
    """One judgement of a pair, and until when it held."""

    judgement: Verdict
    author: str | None
    at: datetime
    until: datetime | None = None


class Pair(Model):
    """Two children who may be one, both sides, for a steward to judge.

    holds: sentences on why they were not joined, however probable; history: latest first.
    """

    handle: str
    judgement: Verdict
    probability: float
    one: Sequence[Known]
    other: Sequence[Known]
    shielded: bool
    compared: Sequence[Compared]
    holds: Sequence[str] = ()
    history: Sequence[Judged] = ()

    @property
    def shown(self) -> int:
        """How many identities are shown; for the access record."""
        return len(self.one) + len(self.other)


class PossibleDuplicates(Question[PairList]):
    """Which children may be one, or were judged so?"""

    permission = Permission.JUDGE
    judgement: Verdict = Verdict.OPEN
    page: PageNumber = 1

    def asked(self) -> dict[str, Any]:
        """Which list, and which page of it."""
        return {"judgement": self.judgement.value, "page": self.page}

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> PairList:
        """A page of pairs, those that are most probable first, and nothing of who they are."""
        counted = asking.transaction.run(
            "report/duplicate_counts",
            judgements=[verdict.value for verdict in Verdict],
            clearance=asking.clearance,
        )
        counts = {row["judgement"]: row["pairs"] for row in counted}
        pages = max(1, -(-counts[self.judgement.value] // PAGE))
        page = min(self.page, pages)
        rows = asking.transaction.run(
            "report/duplicates",
            judgement=self.judgement.value,
            skip=(page - 1) * PAGE,
            size=PAGE,
            clearance=asking.clearance,
        )
        pairs = [PairLine(handle=asking.handle(row.pop("key")), **row) for row in rows]
        return PairList(
            judgement=self.judgement, pairs=pairs, counts=counts, page=page, pages=pages
        )


class PairOf(Question[Pair]):
    """Who do the sources say that the two of this pair are, field by field?

    pair: the handle that a list gave.
    """

    permission = Permission.JUDGE
    needs_child = True
    pair: str

    def candidates(self, asking: Asking) -> list[str]:
        """The two children."""
        rows = self._sought(asking, "find/pair")
        return list(dict.fromkeys(child for row in rows for child in (row["one"], row["other"])))

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Pair:
        """Both sides: identities and the sources that say so, and no service."""
        row = self._sought(asking, "ask/pair")[0]
        sides = [[_known(asking, one) for one in row[side]] for side in ("one", "other")]
        found = _best([[person_of(k.identity) for k in side] for side in sides], asking)
        history = [Judged.model_validate(one) for one in row["history"]]
        return Pair(
            handle=asking.handle(asking.in_handle(self.pair)[0]),
            judgement=row["judgement"],
            probability=found.probability,
            one=sides[0],
            other=sides[1],
            shielded=row["shielded"],
            compared=[
                Compared(field=t.field, agreement=t.level.value, weight=t.bits) for t in found.terms
            ],
            holds=found.holds,
            history=sorted(history, key=lambda one: one.at, reverse=True),
        )

    def _sought(self, asking: Asking, query: str) -> list[dict[str, Any]]:
        key = asking.in_handle(self.pair)[0]
        return asking.sought(query, lambda layer: {"pair": [layer.turned(key)]})


def _known(asking: Asking, row: Mapping[str, Any]) -> Known:
    identity = asking.keyring.open(row["sealed"], row["child"])
    return Known(source=row["source"], asserted_on=row["asserted_on"], identity=identity)


def _best(sides: list[list[Person]], asking: Asking) -> Score:
    found = [best(one, sides[1], asking.frequencies) for one in sides[0] if sides[1]]
    return max(found, key=rank, default=Score(0.0, ()))
