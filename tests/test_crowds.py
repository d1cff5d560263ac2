"""Many children who look alike: a fault of a file, by which nobody is matched, and which is told."""

from datetime import date
from itertools import count
from uuid import UUID

import pytest

from graph import Batch, ChildRow, Keyring, LoadReport
from graph.layers import Layer
from graph.nearby import Nearby
from graph.pairing import MOST_ALIKE
from graph.store import Store, Transaction
from tests.world import STEWARD, World, bradford, child

TOLD = f"more than {MOST_ALIKE} others look alike"
PAIRS = "MATCH ()-[pair:MAY_BE]->() WHERE pair.key IS NOT NULL RETURN count(*) AS n"
SHIELDED = "MATCH (c:Child {shielded: true}) RETURN count(*) AS n"
CHILDREN = "MATCH (c:Child) RETURN c.id AS id"
LOOKS = {"family_name": "Sameson", "given_name": "Alike", "birth_date": "2015-03-04"}


def load(world: World, count: int, *others: ChildRow) -> LoadReport:
    alike = [child(f"A{number}", **LOOKS) for number in range(count)]
    batch = {"source": "leeds-social-care", "feed": "csv", "extracted": date(2026, 11, 20)}
    rows = {"children": [*alike, *others], "full": False}
    return world.graph.load(STEWARD, Batch.model_validate({**batch, **rows}))


def told(report: LoadReport) -> int:
    return sum(TOLD in said.sentence for said in report.warnings)


def test_a_few_who_look_alike_are_matched(world: World) -> None:
    report = load(world, 20)
    assert (report.joined, told(report)) == (19, 0)


@pytest.mark.parametrize("count", [MOST_ALIKE + 2, 600])
def test_in_a_crowd_nobody_is_matched_by_looks_and_each_row_is_told(
    world: World, bare, count: int
) -> None:
    before = bare(PAIRS)
    report = load(world, count)
    assert (report.new, report.joined, report.for_review) == (count, 0, 0)
    assert told(report) == count
    assert bare(PAIRS) == before
    assert load(world, count).unchanged == count
    assert bare(PAIRS) == before


def test_who_looks_like_nobody_is_matched_beside_a_crowd(world: World) -> None:
    other = {"family_name": "Otherby", "given_name": "Someone", "birth_date": "2014-07-21"}
    twice = [child(f"B{n}", **other) for n in (1, 2)]
    report = load(world, MOST_ALIKE + 10, *twice)
    assert report.joined == 1
    assert told(report) == MOST_ALIKE + 10


def test_one_who_is_shielded_hides_the_whole_crowd(world: World, bare) -> None:
    [before] = bare(SHIELDED)
    report = load(world, MOST_ALIKE + 10, child("S1", shielded=True, **LOOKS))
    assert report.joined == 0
    [after] = bare(SHIELDED)
    assert after["n"] - before["n"] == MOST_ALIKE + 11


def test_a_crowd_that_grew_is_joined_no_further(world: World) -> None:
    load(world, 30)
    more = [child(f"D{number}", **LOOKS) for number in range(30)]
    report = load(world, 0, *more)
    assert (report.joined, told(report)) == (0, 30)
    assert world.graph.match(STEWARD).joined == 0


def test_who_is_nobodys_hope_is_not_kept_in_memory(
    world: World, store: Store, keyring: Keyring, bare
) -> None:
    before = {row["id"] for row in bare(CHILDREN)}
    unlike = [child("N1", **LOOKS), child("N2", given_name="Someone", family_name="Otherby")]
    world.graph.load(STEWARD, bradford(children=unlike, involvements=[], full=False))
    one, other = {row["id"] for row in bare(CHILDREN)} - before

    def kept(tx: Transaction, hopeless: bool) -> tuple[set[str], dict[str, set[str]]]:
        nearby = Nearby(tx, Layer(keyring, keyring.current), {})
        nearby.describe([one])
        near = nearby.hopeful({one: {other}}, lambda *_: hopeless)
        return set(nearby.children), near

    assert store.within(lambda tx: kept(tx, True)) == ({one}, {one: set()})
    assert store.within(lambda tx: kept(tx, False)) == ({one, other}, {one: {other}})


@pytest.mark.parametrize("step", [1, -1], ids=["the crowd first", "the crowd last"])
def test_who_is_in_a_crowd_is_joined_by_looks_with_nobody_whoever_comes_first(
    world: World, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    ids = (UUID(int=number) for number in count(2**64, step))
    monkeypatch.setattr("graph.children.uuid.uuid4", lambda: next(ids))
    there = {"postcode": "LS1 4AP"}
    both = child("B", **LOOKS, former_names=("Brzezinska",), **there)
    one = {**LOOKS, "family_name": "Brzezinska", "birth_date": "2015-03-03"}
    report = load(world, MOST_ALIKE + 10, both, child("A", **one, **there))
    assert (report.joined, report.for_review) == (0, 1)
