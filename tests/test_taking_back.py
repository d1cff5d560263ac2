"""A load whose extract takes children back: in order, once, with nothing left and a proof."""

from datetime import date

from graph import WithdrawalRow
from tests.world import CHIDI, LEEDS, STEWARD, World, at, child, home, involvement, leeds, span

PROOFS = "MATCH (w:Withdrawal) RETURN w.source AS source, w.identities AS n"
NONE_ELSE = {"children": [], "homes": [], "involvements": [], "allocations": [], "full": False}


def gone(local: str) -> WithdrawalRow:
    return WithdrawalRow(record=local, child=local, **at(2, "withdrawals"))


def test_a_withdrawal_deletes_leaves_a_proof_and_is_done_once(world: World, bare) -> None:
    edges = "MATCH (:Child)-[e]-() WHERE e.source = 'leeds-social-care' RETURN count(e) AS n"
    before = bare(edges)[0]["n"]
    report = world.graph.load(STEWARD, leeds(withdrawals=[gone("C1")], **NONE_ELSE))
    assert (report.new, report.rejected) == (1, 0)
    assert not report.warnings
    assert 0 < bare(edges)[0]["n"] < before
    assert bare(PROOFS) == [{"source": "leeds-social-care", "n": 1}]
    assert {i.authority.name for i in world.map().involvements} == {"Bradford"}
    again = world.graph.load(STEWARD, leeds(withdrawals=[gone("C1"), gone("C99")], **NONE_ELSE))
    assert (again.new, again.unchanged) == (0, again.read)
    [warning] = again.warnings
    assert warning.sentence.startswith("withdrawals took nothing back")
    assert warning.sentence.endswith(": 2")
    assert len(bare(PROOFS)) == 1


def test_what_an_extract_says_of_a_child_whom_it_takes_back_is_not_taken(
    world: World, bare
) -> None:
    report = world.graph.load(STEWARD, leeds(withdrawals=[gone("C1")]), accept_drop=True)
    assert not report.faults
    [warning] = report.warnings
    assert "not loaded, because this extract takes everything back" in warning.sentence
    assert "Leeds" not in {i.authority.name for i in world.map().involvements}
    assert bare(PROOFS)


def test_the_other_record_of_a_child_comes_back_in_the_same_load(world: World) -> None:
    """Both go, since edges do not say by which record they came; what is still sent is written anew."""
    twin = child(
        "C9",
        line=9,
        nhs_number=CHIDI,
        family_name="Okafor",
        given_name="Chidi",
        birth_date="2015-06-09",
    )
    homes = [*leeds().homes, home("H9", "C9", LEEDS, span("2026-01-01"))]
    world.graph.load(STEWARD, leeds(children=[*leeds().children, twin], homes=homes))
    left = leeds(
        withdrawals=[gone("C1")],
        children=[twin],
        homes=homes[-1:],
        full=False,
        involvements=[],
        allocations=[],
    )
    report = world.graph.load(STEWARD, left)
    assert report.ended == 0
    assert [h.authority.name for h in world.map().homes if h.period.from_ == date(2026, 1, 1)]


def test_what_ended_longer_ago_than_its_source_keeps_is_not_loaded(world: World, bare) -> None:
    old = child("C8", line=8, family_name="Nowak", given_name="Zofia", birth_date="2001-02-28")
    rows = [*leeds().involvements, involvement("I8", "C8", "T1", span("2009-01-01", "2012-01-01"))]
    batch = leeds(children=[*leeds().children, old], involvements=rows)
    for _ in range(2):
        report = world.graph.load(STEWARD, batch)
        assert (report.new, report.ended) == (0, 0)
        assert [
            "longer ago than this source keeps: 1" in warning.sentence
            for warning in report.warnings
        ] == [True]
    assert bare("MATCH (c:Child {birth_year: 2001}) RETURN c.id AS id") == []


def test_a_child_may_come_back_after_a_withdrawal(world: World) -> None:
    world.graph.load(STEWARD, leeds(withdrawals=[gone("C1")], **NONE_ELSE))
    back = world.graph.load(STEWARD, leeds())
    assert back.new > 0
    assert "Leeds" in {i.authority.name for i in world.map().involvements}
