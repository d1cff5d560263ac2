"""What is not there costs the database what a child costs of whom nothing may be known."""

from random import Random
from statistics import median
from typing import Any

import pytest

from graph import FindChild, Graph, NotVisible, ServiceDirectory, ServiceMapOf
from graph.finding import READ_BY
from graph.hours import LONDON
from graph.store import Transaction
from signpost.bench.hidden import profiling
from signpost.demo.numbers import nhs_numbers
from tests.world import (
    BRADFORD,
    FAR_LEAD,
    LEEDS,
    NOW,
    SOURCES,
    STEWARD,
    child,
    home,
    leeds,
    service,
    span,
)

EACH = 11  # of those who are asked for
MANY = 40  # so that hardly any id is beyond all of theirs


@pytest.fixture
def numbers(graph: Graph) -> list[str]:
    """The NHS numbers of many children who are alike in all else; the first EACH are shielded."""
    pairs = nhs_numbers(Random(1))
    every = [next(pairs)[0] for _ in range(MANY)]
    graph.load(STEWARD, SOURCES[0])
    rows = [child(f"C{n}", n < EACH, nhs_number=number) for n, number in enumerate(every)]
    homes = [home(f"H{n}", f"C{n}", LEEDS, span("2015-01-01")) for n in range(MANY)]
    team = [service("T1", "Team", LEEDS)]
    none = {"involvements": [], "allocations": [], "practitioners": []}
    graph.load(STEWARD, leeds(services=team, children=rows, homes=homes, **none))
    return every


def hits_of_find(graph: Graph, number: str) -> int:
    """Database hits of a search that shows nobody."""
    with profiling() as counts:
        found = graph.ask(FAR_LEAD, FindChild(nhs_number=number))
    assert not found.children
    return counts.hits


def hits_of_map(graph: Graph, handle: str) -> int:
    """Database hits of a map that is refused."""
    with profiling() as counts, pytest.raises(NotVisible):
        graph.ask(FAR_LEAD, ServiceMapOf(child=handle))
    return counts.hits


def alike(one: list[int], other: list[int]) -> bool:
    """Whether most of them cost the same, but for a word more or less in the access record.

    One in MANY costs less: an id of nobody may be beyond all that are there.
    """
    return abs(median(one) - median(other)) <= 2


def test_a_number_of_nobody_costs_what_a_hidden_childs_costs(graph: Graph, numbers) -> None:
    pairs = nhs_numbers(Random(2))
    nobodys = [next(pairs)[0] for _ in range(EACH)]
    assert not set(nobodys) & set(numbers)
    asked = [
        [hits_of_find(graph, number) for number in (numbers[n], numbers[EACH + n], nobodys[n])]
        for n in range(EACH)
    ]
    shielded, known, absent = (list(hits) for hits in zip(*asked, strict=True))
    assert alike(shielded, absent)
    assert alike(known, absent)


def test_a_handle_of_nobody_costs_what_a_hidden_childs_costs(graph: Graph, numbers, bare) -> None:
    rows = bare("MATCH (c:Child) RETURN c.id AS id, c.shielded AS shielded ORDER BY shielded DESC")
    rng, day = Random(3), NOW.at.astimezone(LONDON).date()
    nobodys = [f"{rng.getrandbits(128):032x}" for _ in range(EACH)]
    asked: list[list[int]] = []
    for n in range(EACH):
        ids = (rows[n]["id"], rows[EACH + n]["id"], nobodys[n])
        handles = [
            graph.keyring.handle(id_, FAR_LEAD.id, day, "", "", "", NOW.at.isoformat())
            for id_ in ids
        ]
        asked.append([hits_of_map(graph, handle) for handle in (*handles, f"forged {n}")])
    shielded, known, absent, forged = (list(hits) for hits in zip(*asked, strict=True))
    assert alike(shielded, absent)
    assert alike(known, absent)
    assert alike(known, forged)


@pytest.mark.parametrize("there", [0, 1, 2])
def test_whoever_fits_the_same_number_is_asked_about(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, there: int
) -> None:
    graph.load(STEWARD, SOURCES[0])
    typed = {"given_name": "Zoe", "family_name": "Alder", "birth_date": "2016-05-05"}
    pairs = nhs_numbers(Random(4))
    rows = [child(f"C{n}", nhs_number=next(pairs)[0], **typed) for n in range(there)]
    none = {"homes": [], "involvements": [], "allocations": [], "practitioners": []}
    graph.load(STEWARD, leeds(services=[service("T1", "Team", LEEDS)], children=rows, **none))
    asked: list[list[str]] = []
    run = Transaction.run

    def listen(self: Transaction, name: str, /, **params: Any) -> list[dict[str, Any]]:
        if name == "access/grounds":
            asked.append(params["children"])
        return run(self, name, **params)

    monkeypatch.setattr(Transaction, "run", listen)
    assert not graph.ask(FAR_LEAD, FindChild.model_validate(typed)).children
    [children] = asked
    assert len(set(children)) == READ_BY


def test_a_directory_of_none_costs_what_one_of_a_sensitive_service_costs(graph: Graph) -> None:
    graph.load(STEWARD, SOURCES[0])
    none = {"homes": [], "involvements": [], "allocations": [], "practitioners": [], "children": []}
    hidden = [service("S1", "Mind", LEEDS, sensitive=True)]
    graph.load(STEWARD, leeds(services=hidden, **none))
    counted = []
    for area in (LEEDS, BRADFORD):
        with profiling() as counts:
            assert not graph.ask(FAR_LEAD, ServiceDirectory(authority=area)).services
        counted.append(counts.hits)
    assert counted[0] == counted[1]
