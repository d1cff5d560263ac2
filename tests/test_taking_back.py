"""A load whose extract takes children back: in order, once, with nothing left and a proof."""

from datetime import date
from typing import Any

from graph import Batch, Fault, LawfulBasis, WithdrawalRow
from tests.world import (
    CHIDI,
    LEEDS,
    SOURCES,
    STEWARD,
    World,
    at,
    child,
    home,
    involvement,
    leeds,
    span,
)

PROOFS = "MATCH (w:Withdrawal) RETURN w.source AS source, w.identities AS n"
NONE_ELSE: dict[str, Any] = {
    "children": [],
    "homes": [],
    "involvements": [],
    "allocations": [],
    "full": False,
}


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


def on_consent(world: World) -> None:
    """Leeds shares on consent from now on."""
    said = SOURCES[0].model_copy(update={"basis": LawfulBasis.CONSENT})
    world.graph.load(STEWARD, said)


def withdrawing(**more: Any) -> Batch:
    """An extract of Leeds in which consent for one of Chidi's involvements is withdrawn."""
    kept = [row for row in leeds().involvements if row.record != "I2"]
    mine = involvement("I2", "C1", "T2", span("2021-05-01"), consent="withdrawn")
    return leeds(involvements=[mine, *kept], **more)


def areas(world: World) -> set[str]:
    """From which authorities anybody is or was involved with Chidi."""
    return {i.authority.name for i in world.map().involvements}


def test_consent_on_which_a_source_shares_is_withdrawn_with_all_that_it_said(
    world: World, bare
) -> None:
    on_consent(world)
    report = world.graph.load(STEWARD, withdrawing(), accept_drop=True)
    assert not report.faults
    assert ["takes everything back" in warning.sentence for warning in report.warnings] == [True]
    assert (areas(world), bare(PROOFS)) == (
        {"Bradford"},
        [{"source": "leeds-social-care", "n": 1}],
    )
    again = world.graph.load(STEWARD, withdrawing(), accept_drop=True)
    assert (again.unchanged, len(bare(PROOFS))) == (again.read, 1)
    back = world.graph.load(STEWARD, leeds(extracted=date(2026, 11, 22)))
    assert back.new > 0
    assert areas(world) == {"Bradford", "Leeds"}


def test_a_source_that_shares_on_another_basis_ends_the_consent_alone(world: World, bare) -> None:
    world.graph.load(STEWARD, withdrawing())
    assert (areas(world), bare(PROOFS)) == ({"Bradford", "Leeds"}, [])


def test_it_is_withdrawn_also_where_nothing_else_is_sent_and_sent_again(world: World, bare) -> None:
    on_consent(world)
    alone = {**NONE_ELSE, "involvements": withdrawing().involvements[:1]}
    for _ in range(2):
        report = world.graph.load(STEWARD, leeds(**alone))
        assert (report.unchanged, report.rejected) == (report.read, 0)
        assert (areas(world), len(bare(PROOFS))) == ({"Bradford"}, 1)


def test_a_row_that_is_rejected_deletes_nothing(world: World, bare) -> None:
    """What looks like a withdrawal may be a slip of the pen; to show the service ends all the same."""
    on_consent(world)
    bad = Fault(
        sentence="must be 'given' or 'withdrawn'",
        table="involvements",
        record="I2",
        hides=True,
        between=("C1", "T2"),
        **at(3, "involvements"),
    )
    report = world.graph.load(STEWARD, leeds(faults=[bad], **NONE_ELSE))
    assert report.rejected == 1
    assert (areas(world), bare(PROOFS)) == ({"Bradford", "Leeds"}, [])
