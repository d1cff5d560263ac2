"""The hidden bench: its test of two samples is right, and it sees what is told apart."""

from random import Random
from threading import local
from typing import Any

import pytest

from graph import EmbeddedNeo4j, Graph, Keyring
from graph.store import Store
from signpost.bench import BENCHES, hidden, hidden_people, hidden_things
from signpost.bench.figures import Scratch
from signpost.bench.hidden_things import Case, Sent
from signpost.bench.ranks import p_value
from web import moments

FEW = 3
MALES, FEMALES = (19, 22, 16, 29, 24), (20, 11, 17, 12)
LOW, HIGH = (1, 2, 2, 3, 3, 3, 4, 5), (3, 4, 4, 5, 5, 6, 6, 7)


@pytest.fixture
def place(
    graph: Graph,
    store: Store,
    server: EmbeddedNeo4j,
    keyring: Keyring,
    monkeypatch: pytest.MonkeyPatch,
) -> Scratch:
    """A small one, whose answers wait a little."""
    for module, name in (
        (hidden_people, "EACH"),
        (hidden_things, "EACH"),
        (hidden_people, "QUICK"),
        (hidden, "QUICK"),
    ):
        monkeypatch.setattr(module, name, FEW)
    monkeypatch.setattr(moments, "STEP", 0.001)
    return Scratch(graph, store, server.connection(), keyring, threads=2)


def silent(*_: Any) -> None:
    """No progress is shown."""


@pytest.mark.parametrize(
    ("one", "other", "p"),
    [
        # https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.mannwhitneyu.html
        (MALES, FEMALES, 0.11134688653314041),
        # Many ties: mannwhitneyu(LOW, HIGH, method="asymptotic") of SciPy 1.17.1.
        (LOW, HIGH, 0.010515245935858907),
        ((1, 1, 1), (1, 1), 1.0),
        ((1, 2), (2, 1), 1.0),
    ],
)
def test_p_is_what_others_compute(one: tuple[int, ...], other: tuple[int, ...], p: float):
    assert p_value(one, other) == pytest.approx(p, rel=1e-9)
    assert p_value(other, one) == pytest.approx(p, rel=1e-9)


def test_p_is_even_where_nothing_differs_and_small_where_something_does():
    rng = Random(4)
    same = [p_value(*([rng.random() for _ in range(50)] for _ in "ab")) for _ in range(1_000)]
    assert 400 < sum(p < 0.5 for p in same) < 600
    assert sum(p < 0.01 for p in same) < 25
    later = [[rng.random() + late for _ in range(1_000)] for late in (0, 0.06)]
    assert p_value(*later) < 0.01


def test_every_case_is_alike_in_words_and_has_its_figures(place: Scratch):
    figures, sentence = BENCHES["hidden"](place, True, silent)
    assert len(figures) == 4 * 16
    assert "16 cases of 3 pairs, 2 at once" in sentence
    of = {(figure.case, figure.unit): figure for figure in figures}
    assert len(of) == len(figures)
    assert all(figure.ours > 0 and figure.beside > 0 for figure in figures)
    assert all(figure.ours <= 1 for figure in figures if figure.unit == "p")


def test_the_bench_stops_where_words_tell_something(place: Scratch, tmp_path):
    shown = hidden_people.load_things(place, Random(1), quick=True)
    stated = {"purpose": "missing child", "reference": "C-1"}
    hidden_one, nobody = (
        Sent("/api/find", {"nhs_number": sort[0].number, **stated})
        for sort in (shown.shielded, shown.absent)
    )
    browser = hidden.Browser.signed_in(hidden.bench_app(place, str(tmp_path)))
    with pytest.raises(AssertionError, match="told apart in words"):
        hidden.hits(browser, Case("shielded, with a ground", [hidden_one], [nobody]), 1, local())
