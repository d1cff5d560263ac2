"""The synthetic England through the door: what each child to try promises is what the map shows."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from graph import ContactKind, FindChild, Graph, Outcome, ServiceMap, ServiceMapOf
from signpost.demo import write_england
from signpost.demo_load import load_england
from tests.world import NOW, NURSE


@pytest.fixture
def tries(graph: Graph, tmp_path: Path) -> dict[str, ServiceMap | Outcome]:
    """Each child to try: the sentence, and the map that a nurse with a purpose sees."""
    NOW.forward(days=1)
    write_england(tmp_path, children=150, seed=1, today=NOW.at.date())
    report = load_england(graph, tmp_path, lambda what, done, total: None)
    assert (report.rejected, report.ended) == (0, 0)
    assert report.new == report.read
    NOW.at += timedelta(minutes=5)
    found: dict[str, ServiceMap | Outcome] = {}
    for one in json.loads((tmp_path / "people.json").read_text())["try"]:
        answer = graph.ask(NURSE, FindChild(nhs_number=one["nhs_number"]))
        child = next(iter(answer.children), None)
        asked = ServiceMapOf(child=child.handle) if child else None
        found[one["what"]] = graph.ask(NURSE, asked) if asked else answer.outcome
    return found


def test_what_each_child_to_try_promises_is_shown(tries: dict[str, ServiceMap | Outcome]) -> None:
    seen = set()
    for what, answer in tries.items():
        for pattern, holds in PROMISES.items():
            match = re.search(pattern, what)
            if match:
                assert holds(answer, match), what
                seen.add(pattern)
    assert seen == set(PROMISES)


PROMISES = {
    r"nothing opened in Bradford for (\d+) days": lambda m, found: any(
        h.gap_days == int(found[1]) and h.to_authority.name == "Bradford" for h in m.handovers
    ),
    r"nothing opened since": lambda m, _: any(h.opened is None for h in m.handovers),
    r"at once": lambda m, _: len({i.authority.number for i in m.involvements if i.period.open}) > 1,
    r"Only ended": lambda m, _: m.involvements and not any(i.period.open for i in m.involvements),
    r"(\S+ \S+) of .* left on": lambda m, found: any(
        a.left_on and a.practitioner.name == found[1] for i in m.involvements for a in i.allocations
    ),
    r"Shielded": lambda m, _: m.restricted and not m.involvements,
    r"without consent": lambda m, _: any(c.kind is ContactKind.BROKER for c in m.ring_now),
    r"shown with consent": lambda m, _: any(
        i.service and i.service.sensitive for i in m.involvements
    ),
    r"which last sent on": lambda m, _: m.coverage.silent,
    r"Nobody has": lambda m, _: m is Outcome.NONE,
}
