"""signpost bench audit: how fast the record of access is verified, and which tampering is found."""

import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, LiteralString

from graph import Anchors, Role, Viewer
from graph.access import POLICY_VERSION
from graph.strands import End, Pen, id_of
from signpost.bench.figures import Figure, Scratch

AUDITOR = Viewer(id="bench.auditor", role=Role.AUDITOR)
BEGIN = datetime(2026, 11, 2, 8, tzinfo=UTC)
OF_EACH = 100  # records in each strand
PAGE = 10_000
_CREATE: LiteralString = "UNWIND $records AS record CREATE (a:Access) SET a = record"
_READ: LiteralString = (
    "MATCH (a:Access) WHERE a.id > '' RETURN properties(a) AS record ORDER BY a.id"
)
_DELETE: LiteralString = "UNWIND $ids AS id MATCH (a:Access {id: id}) DELETE a"
Strand = list[dict[str, Any]]


def bench_audit(place: Scratch, quick: bool, progress: Any) -> tuple[list[Figure], str]:
    """Records verified a second beside bare reading, and tamperings found beside those that were done.

    One tampering of each kind in each strand. Return the figures, and a sentence on the sizes.
    """
    strands, most = (100, 10_000) if quick else (1_000, 1_000_000)
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        bench = _Bench(place, Anchors(str(Path(name) / "anchors"), Path(name) / "key"), progress)
        made = bench.make(strands, OF_EACH)
        place.graph.anchor(bench.anchors)
        figures = [bench.tampered(made, how) for how in TAMPERINGS]
        bench.make(8, (most - strands * OF_EACH) // 8)
        place.graph.anchor(bench.anchors)
        figures += bench.verified(most)
    return figures, f"{strands:,} strands of {OF_EACH} tampered with, then {most:,} records in all"


class _Bench:
    def __init__(self, place: Scratch, anchors: Anchors, progress: Any) -> None:
        self._place, self.anchors, self._progress = place, anchors, progress
        self._chance = random.Random(6)  # noqa: S311

    def make(self, strands: int, each: int) -> list[Strand]:
        """Write records as the door does, many in a transaction; return them by strand."""
        made = [list(self._strand(each)) for _ in range(strands)]
        every = [record for strand in made for record in strand]
        for first in range(0, len(every), PAGE):
            self._place.store.bare(_CREATE, records=every[first : first + PAGE])
            self._progress("writing records", first + PAGE, len(every))
        return made

    def _strand(self, each: int) -> Iterator[dict[str, Any]]:
        pen = Pen(self._place.keyring, End(self._word(16)))
        for number in range(each):
            yield pen.bound(
                {
                    "at": BEGIN + timedelta(seconds=number),
                    "user": f"user.{self._chance.randrange(5_000)}",
                    "role": "practitioner",
                    "user_service": f"leeds-social-care:T{self._chance.randrange(500)}",
                    "question": "ServiceMapOf",
                    "children": [self._word(32)],
                    "refused": list[str](),
                    "compared": list[str](),
                    "ground": "stated purpose",
                    "purpose": "strategy discussion",
                    "reference": f"CASE-{number}",
                    "outcome": "shown",
                    "shown": self._chance.randrange(1, 9),
                    "policy": POLICY_VERSION,
                }
            )

    def _word(self, length: int) -> str:
        return f"{self._chance.getrandbits(4 * length):0{length}x}"

    def tampered(self, made: list[Strand], how: str) -> Figure:
        """Tamper once with each strand, verify, and put all back; each strand must be named."""
        away, put = [], []
        for strand in made:
            gone, there = TAMPERINGS[how](strand, self._chance)
            away += gone
            put += there
        self._write(away, put)
        found = self._place.graph.verify(AUDITOR, self.anchors, self._progress)
        self._write(put, away)
        named = {damage.where.partition("-")[0] for damage in found.damage}
        own = {strand[0]["id"].partition("-")[0] for strand in made}
        return Figure("audit", f"{how}: found", "records", len(named & own), len(own), "tamperings")

    def _write(self, away: Strand, put: Strand) -> None:
        self._place.store.bare(_DELETE, ids=[record["id"] for record in away])
        self._place.store.bare(_CREATE, records=put)

    def verified(self, most: int) -> list[Figure]:
        """Records verified a second, beside the bare driver reading them; and what is damaged: nothing."""
        start = perf_counter()
        found = self._place.graph.verify(AUDITOR, self.anchors, self._progress)
        ours = found.records / (perf_counter() - start)
        if found.damage:
            raise AssertionError(f"{len(found.damage):,} records are damaged that nobody touched")
        start = perf_counter()
        read = self._read()
        bare = read / (perf_counter() - start)
        return [Figure("audit", f"{most:,} verified", "records/s", ours, bare, "bare reading")]

    def _read(self) -> int:
        store = self._place.store
        with store.driver.session(database=store.database) as session:
            return sum(1 for _ in session.run(_READ))


def _changed(strand: Strand, chance: random.Random) -> tuple[Strand, Strand]:
    record = chance.choice(strand)
    name = chance.choice([name for name in record if name != "id"])
    value = {str: "x", int: 77, list: ["x"]}.get(type(record[name]), BEGIN - timedelta(days=1))
    return [record], [{**record, name: value}]


def _deleted(strand: Strand, chance: random.Random) -> tuple[Strand, Strand]:
    return [chance.choice(strand[:-1])], []


def _put_in(strand: Strand, chance: random.Random) -> tuple[Strand, Strand]:
    name, _, _ = strand[0]["id"].partition("-")
    return [], [{**chance.choice(strand), "id": id_of(name, len(strand)), "user": "user.0"}]


def _swapped(strand: Strand, chance: random.Random) -> tuple[Strand, Strand]:
    one, other = chance.sample(strand, 2)
    return [one, other], [{**one, "id": other["id"]}, {**other, "id": one["id"]}]


def _cut_off(strand: Strand, chance: random.Random) -> tuple[Strand, Strand]:
    return strand[-chance.randint(1, 5) :], []


TAMPERINGS: dict[str, Callable[[Strand, random.Random], tuple[Strand, Strand]]] = {
    "a word changed": _changed,
    "a record deleted": _deleted,
    "a record put in": _put_in,
    "two records swapped": _swapped,
    "a tail cut off": _cut_off,
}
