"""The page bench: its maps have as many nodes as it says, and each figure is of what it names."""

import pytest

from graph import EmbeddedNeo4j, Graph, Keyring
from graph.store import Store
from signpost.bench import BENCHES, pages
from signpost.bench.figures import Scratch
from signpost.bench.made_maps import batch_of


def silent(*_: object) -> None:
    """No progress is shown."""


def test_a_map_has_as_many_nodes_as_it_says() -> None:
    batch, numbers = batch_of([30, 60])
    assert len(numbers) == len(set(numbers)) == 2
    assert [sum(row.child == f"C{n}" for row in batch.involvements) for n in (0, 1)] == [23, 53]
    assert {row.child for row in batch.homes} == {"C0", "C1"}


def test_it_measures_server_bytes_and_browser(
    graph: Graph,
    store: Store,
    server: EmbeddedNeo4j,
    keyring: Keyring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "TIMES_QUICK", 1)
    place = Scratch(graph, store, server.connection(), keyring, threads=1)
    figures, sizes = BENCHES["page"](place, True, silent)
    found = {figure.case: figure for figure in figures}
    assert set(found) == {
        "server, 30 nodes",
        "first visit, compressed",
        "later visit, compressed",
        "drawn, 30 nodes",
        "drawn, 30 nodes, beside pyvis",
    }
    assert all(figure.ours > 0 and figure.beside > 0 for figure in figures)
    # The style, the scripts and the picture are fetched once.
    assert found["first visit, compressed"].ours > found["later visit, compressed"].ours + 130
    assert "30 nodes" in sizes
