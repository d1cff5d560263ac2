"""A load whose extract takes children back: in order, once, with nothing left and a proof."""

from graph import WithdrawalRow
from tests.world import STEWARD, World, at, leeds

PROOFS = "MATCH (w:Withdrawal) RETURN w.source AS source, w.identities AS n"
NONE_ELSE = {"children": [], "homes": [], "involvements": [], "allocations": [], "full": False}


def gone(local: str) -> WithdrawalRow:
    return WithdrawalRow(record=local, child=local, **at(2, "withdrawals"))


def test_a_withdrawal_deletes_leaves_a_proof_and_is_done_once(world: World, bare) -> None:
    edges = "MATCH (:Child)-[e]-() WHERE e.source = 'leeds-social-care' RETURN count(e) AS n"
    before = bare(edges)[0]["n"]
    report = world.graph.load(STEWARD, leeds(withdrawals=[gone("C1")], **NONE_ELSE))
    assert (report.new, report.rejected) == (1, 0)
    assert 0 < bare(edges)[0]["n"] < before
    assert bare(PROOFS) == [{"source": "leeds-social-care", "n": 1}]
    assert {i.authority.name for i in world.map().involvements} == {"Bradford"}
    again = world.graph.load(STEWARD, leeds(withdrawals=[gone("C1"), gone("C99")], **NONE_ELSE))
    assert (again.new, again.unchanged) == (0, again.read)
    assert len(bare(PROOFS)) == 1


def test_what_an_extract_says_of_a_child_whom_it_takes_back_is_not_taken(
    world: World, bare
) -> None:
    batch = leeds(withdrawals=[gone("C1")])
    report = world.graph.load(STEWARD, batch, accept_drop=True)
    said = {fault.sentence for fault in report.faults}
    assert said == {"is of a child of whom this extract takes everything back"}
    assert len(report.faults) == sum(
        row.record == "C1" or getattr(row, "child", "") == "C1" for row in leeds().rows()
    )
    assert bare(PROOFS)


def test_a_child_may_come_back_after_a_withdrawal(world: World) -> None:
    world.graph.load(STEWARD, leeds(withdrawals=[gone("C1")], **NONE_ELSE))
    back = world.graph.load(STEWARD, leeds())
    assert back.new > 0
    assert "Leeds" in {i.authority.name for i in world.map().involvements}
