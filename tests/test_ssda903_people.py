"""Who the looked-after return knows: children, their workers, and who cared for them earlier."""

from datetime import date
from pathlib import Path

import pytest

from graph import ChangeReason, PointerKind, Sex
from tests.test_ssda903 import KNOWN, ep, load, said, spans


@pytest.mark.parametrize(
    ("cells", "sex", "upn"),
    [
        ("1,09/06/2015,,W383400015001", Sex.MALE, "W383400015001"),
        ("2,09/06/2015,,w383400015001", Sex.FEMALE, "W383400015001"),
        ("M,2015-06-09,,UN1", Sex.MALE, None),
        ("f,42164,,UN5", Sex.FEMALE, None),
        ("U,09/06/2015 00:00:00,,", Sex.UNKNOWN, None),
        ("1.0,09/06/2015,,A383400015001", Sex.MALE, None),
    ],
)
def test_who_a_child_is(tmp_path: Path, cells: str, sex: Sex, upn: str | None):
    batch = load(tmp_path, header=[f"C1,{cells},1.0,"])
    (child,) = batch.children
    assert (child.record, child.identity.sex, child.identity.upn) == ("C1", sex, upn)
    assert child.identity.birth_date == date(2015, 6, 9)
    assert not batch.faults


def test_a_child_without_a_date_of_birth_and_one_not_to_be_born_yet(tmp_path: Path):
    batch = load(tmp_path, header=["C1,M,,,W383400015001,,", "C2,M,01/01/2030,,,,", "C3,M,?,,,,"])
    assert [child.record for child in batch.children] == ["C1"]
    assert [(f.line, f.column, f.record) for f in batch.faults] == [
        (3, "DOB", "C2"),
        (4, "DOB", "C3"),
    ]
    assert (2, "DOB", "is missing; the row is taken") in said(batch.warnings)


def test_two_births_of_one_child_in_one_file_are_a_fault_of_both_rows(tmp_path: Path):
    rows = [
        *KNOWN,
        "C1,M,10/06/2015,,,,",
        "C2,F,10/06/2015,,,,",
        "C2,F,10/06/2015,,W383400016002,,",
    ]
    batch = load(tmp_path, header=rows)
    differs = "differs between the rows of this child: one of them is another child"
    assert said(batch.faults) == [(2, "DOB", differs), (3, "DOB", differs)]
    assert {fault.record for fault in batch.faults} == {"C1"}
    (child,) = batch.children
    assert (child.record, child.identity.upn) == ("C2", "W383400016002")
    assert (5, "CHILD", "is in this table before; what differs is not taken") in said(
        batch.warnings
    )


def test_of_two_returns_the_later_file_corrects_the_earlier(tmp_path: Path):
    earlier = {"a__header": KNOWN, "a__episodes": [ep("02/12/2018")]}
    later = {
        "b__header": ["C1,M,10/06/2015,,UN4,,"],
        "b__episodes": [ep("02/12/2018", "16/05/2019", "X1"), ep("16/05/2019", rne="P")],
    }
    batch = load(tmp_path, **earlier, **later)
    (child,) = batch.children
    assert child.identity.birth_date == date(2015, 6, 10)
    assert child.identity.upn == "W383400015001"
    assert spans(batch.involvements) == ["2018-12-02.."]
    assert said(batch.warnings) == [
        (2, "DOB", "differs from an earlier file; this later one is taken")
    ]


def test_children_without_an_episode_are_kept_and_said_once(tmp_path: Path):
    header = [*KNOWN, "C2,F,10/06/2015,,,,", "C3,F,10/06/2015,,,,"]
    batch = load(tmp_path, header=header, episodes=[ep("02/12/2018")])
    assert len(batch.children) == 3
    assert said(batch.warnings) == [
        (3, "CHILD", "has no episode, one of 2 in this table: left care, or the episode is "
         "missing")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "authority", "period"),
    [
        ("P2,380,01/02/2016", "380", "None..2016-02-01"),
        ("P3,Bradford,ZZ/02/2016", "380", "None..~2016-02-29"),
        ("P3,909,zz/zz/2016", "909", "None..~2016-12-31"),
        ("P2,WAL,ZZ/ZZ/ZZZZ", None, "None.."),
        ("P2,999,", None, "None.."),
    ],
)
def test_an_earlier_order_points_to_the_authority(
    tmp_path: Path, cells: str, authority: str | None, period: str
):
    batch = load(tmp_path, header=KNOWN, previous_permanence=[f"C1,09/06/2015,{cells}"])
    (pointer,) = batch.pointers
    assert (pointer.kind, pointer.authority) == (PointerKind.EARLIER_CARE, authority)
    assert spans([pointer]) == [period]
    assert pointer.record == f"C1:LA_PERM:{authority or '-'}"
    assert not said(batch.warnings)


def test_earlier_orders_that_are_odd_or_cannot_be(tmp_path: Path):
    rows = [
        "C1,,P2,,01/02/2016",
        "C1,,P3,Atlantis,ZZ/13/2016",
        "C1,,P9,380,",
        "C1,,,380,",
        ",,P2,380,",
    ]
    batch = load(tmp_path, header=KNOWN, previous_permanence=rows)
    assert [(p.line, p.authority) for p in batch.pointers] == [(3, None)]
    assert said(batch.warnings) == [
        (2, "LA_PERM", "is missing, so that the row points to nobody"),
        (3, "DATE_PERM", "is not a date, as 04/03/2026 or ZZ/03/2026; the row is taken without it"),
        (3, "LA_PERM", "is no authority in England; it is taken as one that is not named"),
    ]
    no_code = "is no code of it, and could be an adoption: no link is made"
    assert said(batch.faults) == [
        (4, "PREV_PERM", no_code), (5, "PREV_PERM", no_code), (6, "CHILD", "is missing"),
    ]  # fmt: skip
    assert [fault.record for fault in batch.faults] == ["C1:LA_PERM:380", "C1:LA_PERM:380", None]


def test_of_two_orders_of_one_authority_the_later_is_kept(tmp_path: Path):
    rows = ["C1,,P2,380,01/02/2016", "C1,,P3,380,01/02/2017", "C1,,P3,380,"]
    assert spans(load(tmp_path, previous_permanence=rows).pointers) == ["None..2017-02-01"]


def test_social_workers_and_why_each_began(tmp_path: Path):
    rows = [
        "C1,09/06/2015,sw000007,02/12/2018,16/05/2019,FCONTA",
        "C1,09/06/2015,XX12,17/05/2019,01/09/2019,LEFTRL",
        "C1,09/06/2015,SW000009,20/09/2019,01/10/2019,MANAGE",
        "C1,09/06/2015,SW000007,01/10/2019,,FCONTA",
    ]
    batch = load(tmp_path, header=KNOWN, social_worker=rows[::-1])
    assert [(post.practitioner.id, post.practitioner.registration) for post in batch.practitioners] == [
        ("SW000007", "SW000007"), ("XX12", None), ("SW000009", "SW000009"),
    ]  # fmt: skip
    assert {post.practitioner.name for post in batch.practitioners} == {"Social worker"}
    assert [(tie.record, *spans([tie]), tie.change_reason) for tie in batch.allocations] == [
        ("C1:SW000007:2018-12-02", "2018-12-02..2019-05-16", ChangeReason.FCONTA),
        ("C1:XX12:2019-05-17", "2019-05-17..2019-09-01", ChangeReason.LEFTRL),
        ("C1:SW000009:2019-09-20", "2019-09-20..2019-10-01", ChangeReason.MANAGE),
        ("C1:SW000007:2019-10-01", "2019-10-01..", ChangeReason.FCONTA),
    ]


def test_social_workers_that_are_odd_or_cannot_be(tmp_path: Path):
    rows = [
        "C1,,SW1,,01/01/2020,LEFT", "C1,,,01/01/2020,,", "C1,,SW2,02/01/2020,01/01/2020,",
        "C1,,SW3,?,,", ",,SW4,01/01/2020,,", "C1,,SW5,01/01/2020,,", "C1,,SW5,01/01/2020,02/01/2020,",
    ]  # fmt: skip
    batch = load(tmp_path, header=KNOWN, social_worker=rows)
    assert [tie.record for tie in batch.allocations] == ["C1:SW1:-", "C1:SW5:2020-01-01"]
    assert spans(batch.allocations)[1] == "2020-01-01..2020-01-02"
    assert said(batch.warnings) == [
        (2, "SW_REASON", "is not a code of SW_REASON; the row is taken without it"),
        (2, "SW_DECOM", "is missing; the row is taken"),
    ]
    assert [(f.line, f.column, f.record) for f in batch.faults if f.table == "allocations"] == [
        (3, "SW_ID", None), (4, "SW_DEC", "C1:SW2:2020-01-02"), (5, "SW_DECOM", None),
        (6, "CHILD", None),
    ]  # fmt: skip
