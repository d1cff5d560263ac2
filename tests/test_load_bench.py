"""The benches of loads: each kind beside the bare driver and beside neomodel, and how memory is watched."""

import json
import re
import sys
from collections import Counter
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from graph import EmbeddedNeo4j, Graph, Keyring
from graph.store import Store
from signpost.bench import BENCHES, bare, loads, memory, neomodel_rows
from signpost.bench.crowds import Crowd
from signpost.bench.figures import Scratch
from signpost.bench.loads import AGAIN, BARE, bench_load, load_file
from signpost.bench.made import KINDS, STEWARD
from signpost.bench.memory import MEGABYTE, Peak, bench_memory, watch

FEW = 20  # children, or whatever a kind tells of
HOARD = 150  # megabytes
GRAPH = """
MATCH (n) WHERE NOT n:Authority AND NOT n:Access AND NOT n:Source
OPTIONAL MATCH (n)-[e]->(m) WHERE e.key IS NOT NULL OR e:HOLDS
RETURN labels(n)[0] AS label, properties(n) AS node, type(e) AS edge, properties(e) AS said,
       properties(m) AS other
"""
COUNTS = """
MATCH (n) WHERE n:Child OR n:Service OR n:Practitioner
RETURN 'nodes' AS what, count(*) AS many
UNION ALL
MATCH (:Child|Service|Practitioner)-[e]->() WHERE NOT e:MAY_BE RETURN type(e) AS what, count(*) AS many
"""


@pytest.fixture
def place(graph: Graph, store: Store, server: EmbeddedNeo4j, keyring: Keyring) -> Scratch:
    return Scratch(graph, store, server.connection(), keyring)


def silent(*_: Any) -> None:
    """No progress is shown."""


def loaded(place: Scratch, kind: str, folder: Path) -> int:
    """Load a small file of a kind; return how many rows it has."""
    place.graph.load(STEWARD, KINDS[kind].source)
    return load_file(place, KINDS[kind], KINDS[kind].write(folder, Crowd(FEW))).read


def held(store: Store) -> Counter[str]:
    return Counter(json.dumps(row, sort_keys=True, default=str) for row in store.bare(GRAPH))


def hoard(pipe: Any, megabytes: int) -> None:
    """A process that holds so much for a moment, between its two words."""
    pipe.send("begin")
    held = bytearray(megabytes * MEGABYTE)
    held[:: 1 << 12] = b"1" * len(held[:: 1 << 12])
    pipe.recv()
    pipe.send(7)


def peak_of(megabytes: int) -> Peak:
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=hoard, args=(theirs, megabytes))
    process.start()
    looked = iter(range(30))
    try:
        return watch(
            process.pid or 0, ours, lambda: ours.send("on") if next(looked) == 25 else None
        )
    finally:
        process.join()


@pytest.mark.parametrize("name", ["load", "memory", "fuzz"])
def test_it_is_one_of_the_benches(name: str):
    assert name in BENCHES


def test_each_kind_is_measured_beside_the_bare_driver(
    place: Scratch, monkeypatch: pytest.MonkeyPatch
):
    small = {name: replace(kind, whole=FEW) for name, kind in KINDS.items()}
    monkeypatch.setattr(loads, "KINDS", small)
    for name in ("WARM", "LARGER"):
        monkeypatch.setattr(loads, name, FEW)
    figures, sentence = bench_load(place, False, silent)
    cases = [figure.case for figure in figures if figure.beside_name == BARE]
    assert cases == [AGAIN, f"{AGAIN}, the same file again", *list(KINDS)[1:]]
    assert all(figure.ours > 0 and figure.beside > 0 for figure in figures)
    assert all(f"{name} " in sentence for name in KINDS)
    ratios = re.findall(r"\d\.\d\dx", sentence)
    assert len(ratios) == len(KINDS) * loads.TURNS
    assert place.store.bare("MATCH (n:Child|Service|Practitioner) RETURN n.id") == []


def test_the_bare_driver_writes_the_same_graph_once_more(place: Scratch, tmp_path: Path):
    for name in ("csv", "gias", "ssd"):
        loaded(place, name, tmp_path / name)
    before = held(place.store)
    assert bare.write_again(place.store) > 0
    assert held(place.store) == before
    assert len(before) > 10 * FEW


@pytest.mark.parametrize("way", neomodel_rows.Way)
def test_neomodel_writes_as_many_nodes_and_edges(
    place: Scratch, tmp_path: Path, way: neomodel_rows.Way
):
    pytest.importorskip("neomodel")
    loaded(place, AGAIN, tmp_path)
    ours = place.store.bare(COUNTS)
    bare.empty(place.store)
    kind = KINDS[AGAIN]
    rows = loads.read(kind.name, tmp_path, kind.source.id, loads.EXTRACTED).rows()
    assert neomodel_rows.write(place.store, rows, way) > 0
    theirs = place.store.bare(COUNTS)
    assert {row["what"]: row["many"] for row in theirs} == {
        row["what"]: row["many"] for row in ours if row["what"] not in ("KNOWN_AS", "HOLDS")
    }


def test_without_neomodel_the_bench_says_how_it_is_installed(
    place: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "neomodel", None)
    monkeypatch.delitem(sys.modules, "signpost.bench.neomodel_models", raising=False)
    monkeypatch.delattr("signpost.bench.neomodel_models", raising=False)
    place.graph.load(STEWARD, KINDS[AGAIN].source)
    figures, sentence = loads._beside_neomodel(place, tmp_path, 5, 1)
    assert figures == []
    assert sentence == neomodel_rows.INSTALL


def test_the_watch_sees_what_a_process_holds_for_a_moment():
    few, many = peak_of(1), peak_of(HOARD)
    assert few.rows == many.rows == 7
    assert (many.resident - few.resident) / MEGABYTE == pytest.approx(HOARD, rel=0.2)


def test_the_memory_of_a_load_is_that_of_a_process_of_its_own(
    place: Scratch, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(memory, "SMALL", 100)
    monkeypatch.setattr(memory, "QUICK", 500)
    [figure], sentence = bench_memory(place, True, silent)
    assert (figure.case, figure.beside_name) == ("csv, 500 rows", "100 rows")
    assert 50 < figure.beside < 500
    assert figure.ours < 1.5 * figure.beside
    assert "csv " in sentence
