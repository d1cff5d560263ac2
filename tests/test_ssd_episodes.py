"""What an authority does for a child in law, as the SSD says it: need, plans, early help, care."""

from datetime import date
from pathlib import Path
from typing import Any

from graph.model import Agency, InvolvementKind, PointerKind
from tests.test_ssd import ONE, STAFF, load, span, table


def test_episodes_of_need_and_what_they_say_of_other_authorities(tmp_path: Path):
    rows = [
        {},
        {"referral_id": 42, "referral_nfa": "Y", "referral_source_code": "5C"},
        {"referral_id": 43, "referral_source_code": "5C", "close_reason": "RC5 - Transferred",
         "close_date": "2024-02-03", "referral_team": ""},
        {"referral_id": 44, "referral_source_code": "5D", "close_reason": "RC7",
         "close_date": "2024-02-03"},
    ]  # fmt: skip
    batch = load(tmp_path, **STAFF, ssd_cin_episodes=rows)
    assert [(row.record, row.service, *span(row)) for row in batch.involvements] == [
        ("cine:41", "12", date(2023, 5, 4), None),
        ("cine:43", "childrens-social-care", date(2023, 5, 4), date(2024, 2, 3)),
        ("cine:44", "12", date(2023, 5, 4), date(2024, 2, 3)),
    ]
    assert {row.kind for row in batch.involvements} == {InvolvementKind.CHILD_IN_NEED}
    assert [(row.record, row.kind, *span(row)) for row in batch.pointers] == [
        ("cine:43:by", PointerKind.REFERRED_BY, date(2023, 5, 4), date(2023, 5, 4)),
        ("cine:43:to", PointerKind.TRANSFERRED_TO, date(2024, 2, 3), date(2024, 2, 3)),
    ]
    assert not batch.allocations


def test_who_took_a_referral_is_named_on_its_day(tmp_path: Path):
    rows = [
        {"referral_worker_id": 77},
        {"referral_id": 42, "referral_worker_id": 77, "close_date": "2024-02-03", "referral_team": ""},
        {"referral_id": 43, "referral_worker_id": 99},
        {"referral_id": 44, "referral_worker_id": 77, "referral_nfa": "Y"},
    ]  # fmt: skip
    batch = load(tmp_path, **STAFF, ssd_cin_episodes=rows)
    assert [(r.record, r.practitioner, r.service, *span(r)) for r in batch.allocations] == [
        ("cine:41", "77", "12", date(2023, 5, 4), date(2023, 5, 4)),
        ("cine:42", "77", "childrens-social-care", date(2023, 5, 4), date(2023, 5, 4)),
    ]
    assert [row.record for row in batch.involvements] == ["cine:41", "cine:42", "cine:43"]
    assert [warning.column for warning in batch.warnings if warning.line == 4] == [
        "cine_referral_worker_id"
    ]


def test_a_plan_of_another_authority_is_a_pointer(tmp_path: Path):
    rows = [{}, {"cp_plan_id": 52, "cp_plan_ola": "y", "cp_plan_end_date": "2023-07-01"}]
    batch = load(tmp_path, ssd_person=ONE, ssd_cp_plans=rows)
    (plan,), (theirs,) = batch.involvements, batch.pointers
    assert (plan.record, plan.service) == ("cppl:51", "childrens-social-care")
    assert (plan.kind, *span(plan)) == (InvolvementKind.CHILD_PROTECTION, date(2023, 6, 1), None)
    assert (theirs.record, theirs.kind) == ("cppl:52", PointerKind.PLAN_OF)
    assert (theirs.authority, *span(theirs)) == (None, date(2023, 6, 1), date(2023, 7, 1))


def test_early_help_is_held_by_its_organisation(tmp_path: Path):
    rows = [
        {},
        {"episode_id": 32, "episode_organisation": "", "episode_end_date": "2021-05-01"},
        {"episode_id": 33, "episode_organisation": "east locality", "episode_worker_id": 77},
        {"episode_id": 34, "episode_organisation": "10045"},
    ]
    batch = load(tmp_path, **STAFF, ssd_early_help_episodes=rows)
    assert [(row.record, row.service) for row in batch.involvements] == [
        ("earl:31", "sunny-family-hub"), ("earl:32", "early-help"), ("earl:33", "12"),
        ("earl:34", "early-help"),
    ]  # fmt: skip
    assert {row.kind for row in batch.involvements} == {InvolvementKind.EARLY_HELP}
    assert [(row.record, row.practitioner) for row in batch.allocations] == [("earl:33", "77")]
    agencies = {row.service.id: row.service.agency for row in batch.services}
    assert agencies["sunny-family-hub"] == agencies["early-help"] == Agency.EARLY_HELP


def care(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Episodes of care with short words for their days."""
    words = {"start": "cla_episode_start_date", "end": "cla_episode_ceased_date",
             "why": "cla_episode_ceased_reason"}  # fmt: skip
    return [
        {"cla_episode_id": number, **{words.get(name, name): value for name, value in row.items()}}
        for number, row in enumerate(rows)
    ]


def test_episodes_become_one_period_of_care_by_its_id(tmp_path: Path):
    rows = care(
        {"start": "2024-06-01", "end": "2024-09-01", "why": "X1"},
        {"start": "2024-03-01", "end": "", "why": "X1"},  # left open, though another follows
        {"start": "2024-09-01", "end": "2025-01-10", "why": "E3 taken over",
         "entered_care_date": "2019-01-05"},
        {"start": "2026-01-01", "cla_id": 7},
    )  # fmt: skip
    for order in (rows, rows[::-1]):
        batch = load(tmp_path, ssd_person=ONE, ssd_cla_episodes=order)
        assert {row.record: span(row) for row in batch.involvements} == {
            "clae:6": (date(2019, 1, 5), date(2025, 1, 10)),
            "clae:7": (date(2026, 1, 1), None),
        }
        assert {row.kind for row in batch.involvements} == {InvolvementKind.LOOKED_AFTER}
        (taken,) = batch.pointers
        assert (taken.record, taken.kind) == ("clae:6:taken", PointerKind.CARE_TAKEN_OVER)
        assert span(taken) == (date(2025, 1, 10), date(2025, 1, 10))


def test_without_ids_contiguous_episodes_are_one_period(tmp_path: Path):
    rows = care(
        {"cla_id": "", "start": "2020-01-01", "end": "2020-02-01"},
        {"cla_id": "", "start": "2020-02-01", "end": "2020-03-01"},
        {"cla_id": "", "start": "2020-03-02", "end": "2020-04-01"},
    )
    batch = load(tmp_path, ssd_person=ONE, ssd_cla_episodes=rows)
    assert {row.record: span(row) for row in batch.involvements} == {
        "clae:501:2020-01-01": (date(2020, 1, 1), date(2020, 3, 1)),
        "clae:501:2020-03-02": (date(2020, 3, 2), date(2020, 4, 1)),
    }


def test_without_ids_episodes_that_overlap_are_one_period_to_the_latest_end(tmp_path: Path):
    days = [
        ("2020-01-01", "2024-12-31"),
        ("2020-02-01", "2020-03-01"),
        ("2020-06-01", "2020-07-01"),
    ]
    rows = care(*({"cla_id": "", "start": start, "end": end} for start, end in days))
    (period,) = load(tmp_path, ssd_person=ONE, ssd_cla_episodes=rows).involvements
    assert span(period) == (date(2020, 1, 1), date(2024, 12, 31))
    rows += [{**care({"cla_id": "", "start": "2019-01-01", "end": ""})[0], "cla_episode_id": 9}]
    (period,) = load(tmp_path, ssd_person=ONE, ssd_cla_episodes=rows).involvements
    assert span(period) == (date(2019, 1, 1), None)


def test_the_earlier_name_of_the_end_of_care_is_read_too(tmp_path: Path):
    lines = table("ssd_cla_episodes", {"cla_episode_ceased_date": "2025-01-10"})
    lines[0] = [cell.replace("_ceased_date", "_ceased") for cell in lines[0]]
    batch = load(tmp_path, ssd_person=ONE, ssd_cla_episodes=lines)
    assert span(batch.involvements[0]) == (date(2024, 3, 1), date(2025, 1, 10))
