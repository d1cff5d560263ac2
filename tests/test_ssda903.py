"""The looked-after return: what its episodes, workers and earlier orders become."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import UNNAMED, Batch, Fault, PointerKind, Source
from loaders import ssda903
from tests.world import whole

TODAY = date(2026, 11, 20)
COLUMNS = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"
    "HOME_POST,PL_POST,URN",
    "social_worker": "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON",
    "previous_permanence": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM",
}
KNOWN = ["C1,M,09/06/2015,WBRI,W383400015001,,"]
LEEDS_CSC = Source.model_validate(
    {
        "id": "leeds-csc",
        "name": "Leeds children's social care",
        "authority": "383",
        "agency": "social care",
        "basis": "public task",
    }
)


def folder(path: Path, **tables: Iterable[str]) -> Path:
    """A folder with these tables, each under its usual header."""
    path.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        text = "\n".join([COLUMNS[name.rpartition("__")[2]], *rows, ""])
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def load(tmp_path: Path, **tables: Iterable[str]) -> Batch:
    return whole(ssda903.read(folder(tmp_path / "in", **tables), "leeds-csc", TODAY))


def ep(start: str, end: str = "", rec: str = "", **more: str) -> str:
    """One episode, with foster carers of the authority's own where nothing else is said."""
    said = {"child": "C1", "rne": "S", "ls": "C2", "place": "U1", "by": "PR1", "urn": "", **more}
    cells = [said["child"], start, said["rne"], said["ls"], "N1", said["place"], said["by"]]
    return ",".join([*cells, end, rec, "", "AA1 1AA", "AA2 2AA", said["urn"]])


def spans(rows: Iterable[Any]) -> list[str]:
    """Periods as text; ~ before an end that is the latest it can be."""
    return [
        f"{row.period.from_}..{'' if row.period.to_exact else '~'}{row.period.to or ''}"
        for row in rows
    ]


def said(faults: Iterable[Fault]) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.sentence) for fault in faults if fault.column]


@pytest.mark.parametrize(
    ("episodes", "periods"),
    [
        ([ep("02/12/2018")], ["2018-12-02.."]),
        ([ep("02/12/2018", "16/05/2019", "E4A")], ["2018-12-02..2019-05-16"]),
        (
            [ep("02/12/2018", "16/05/2019", "X1"), ep("16/05/2019", "26/09/2019", "E4A", rne="P")],
            ["2018-12-02..2019-09-26"],
        ),
        (
            [ep("02/12/2018", "16/05/2019", "X1"), ep("17/05/2019", rne="P")],
            ["2018-12-02..2019-05-16", "2019-05-17.."],
        ),
        (
            [ep("02/12/2018", "16/05/2019", "E4A"), ep("16/05/2019")],
            ["2018-12-02..2019-05-16", "2019-05-16.."],
        ),
        ([ep("02/12/2018", "16/05/2019"), ep("16/05/2019", rne="L")], ["2018-12-02.."]),
        (
            [ep("02/12/2018", "16/05/2019"), ep("16/05/2019", rne="S")],
            ["2018-12-02..2019-05-16", "2019-05-16.."],
        ),
        ([ep("02/12/2018", "16/05/2019", "E4A"), ep("01/03/2019", rne="P")], ["2018-12-02.."]),
        (
            [ep("02/12/2018", "16/05/2019", "E4A"), ep("01/03/2019", "01/04/2019", "X1")],
            ["2018-12-02..2019-05-16"],
        ),
        ([ep("02/12/2018"), ep("01/03/2019", "01/04/2019", "E8", rne="T")], ["2018-12-02..2019-04-01"]),
        (
            [ep("02/12/2018"), ep("01/03/2019", "01/04/2019", "E8")],
            ["2018-12-02..~2019-03-01", "2019-03-01..2019-04-01"],
        ),
        ([ep("02/12/2018"), ep("02/12/2018", "16/05/2019", "E4A")], ["2018-12-02..2019-05-16"]),
        ([ep("02/12/2018"), ep("02/12/2018")], ["2018-12-02.."]),
        ([ep("02/12/2018", "02/12/2018", "X1"), ep("02/12/2018", rne="P")], ["2018-12-02.."]),
        (
            [
                ep("02/12/2018", "02/12/2018", "X1", place="K2"),
                ep("02/12/2018", "02/12/2018", "X1", rne="P", by="PR2"),
                ep("02/12/2018", "01/04/2019", "X1", rne="P"),
                ep("01/04/2019", rne="P"),
            ],
            ["2018-12-02.."],
        ),
        ([ep("02/12/2018", "", "X1")], ["2018-12-02.."]),
        ([ep("02/12/2018", "02/12/2018", "E4A")], ["2018-12-02..2018-12-02"]),
        ([ep("02/12/2018", "16/05/2019", "X1", ls="V3"), ep("02/01/2020", ls="V4")], []),
        (
            [ep("02/12/2018", "16/05/2019", "X1"), ep("16/05/2019", rne="L", ls="V3")],
            ["2018-12-02..2019-05-16"],
        ),
    ],
)  # fmt: skip
def test_episodes_become_periods_of_care_in_any_order(
    tmp_path: Path, episodes: list[str], periods: list[str]
):
    for name, rows in (("a", episodes), ("b", episodes[::-1])):
        batch = load(tmp_path / name, header=KNOWN, episodes=rows)
        assert not batch.faults
        assert spans(batch.involvements) == periods
        assert {tie.kind for tie in batch.involvements} <= {"looked after"}


@pytest.mark.parametrize(
    ("episodes", "warnings"),
    [
        ([ep("02/12/2018", "", "X1")], [(2, "REC", "is given, and DEC is not; the "
         "episode is taken as open")]),
        ([ep("02/12/2018", "16/05/2019")], [(2, "REC", "is missing, though DEC is given; the row is taken")]),
        (
            [ep("02/12/2018", "16/05/2019", "X1")],
            [(2, "REC", "is X1, and no episode begins that day; the period ends with it")],
        ),
        (
            [ep("02/12/2018", "16/05/2019", "E99")],
            [(2, "REC", "is not a code of REC; the row is taken without it")],
        ),
        (
            [ep("02/12/2018", ls="")],
            [(2, "LS", "is no legal status that is known: it could be a short break, and is taken as care")],
        ),
        (
            [ep("02/12/2018", "16/05/2019", "E4A"), ep("01/03/2019")],
            [(3, "DECOM", "is before the end of an earlier episode; the two are taken as one")],
        ),
        (
            [ep("02/12/2018"), ep("01/03/2019")],
            [(2, "DEC", "is missing, though a later episode begins; it is taken to end by then")],
        ),
        ([ep("21/11/2026")], [(2, "DECOM", "is after the date of the extract; the row is taken")]),
        ([ep("08/06/2015")], [(2, "DECOM", "is before the child was born; the row is taken")]),
        ([ep("43436")], [(2, "DECOM", "is a number of days, as Excel counts; it is taken as a date")]),
        (
            [ep("02/12/2018", place="K2", urn="12A")],
            [(2, "URN", "is not a number of Ofsted's, as SC012345 or 1234567; the row is taken without it")],
        ),
        ([ep("02/12/2018", "16/05/2019", "X1"), ep("16/05/2019", rne="L", ls="V3")], []),
        ([ep("02/12/2018", place="K2", urn="XXXXXXX")], []),
    ],
)  # fmt: skip
def test_what_is_odd_is_taken_with_a_warning(
    tmp_path: Path, episodes: list[str], warnings: list[tuple[int, str, str]]
):
    batch = load(tmp_path, header=KNOWN, episodes=episodes)
    assert not batch.faults
    assert batch.involvements
    assert said(batch.warnings) == warnings


@pytest.mark.parametrize(
    ("row", "column", "sentence", "record"),
    [
        (ep("", child="C2"), "DECOM", "is missing", None),
        (ep("31/02/2019", child="C2"), "DECOM", "is not a date, as 04/03/2026 or 2026-03-04", None),
        (ep("=1+1", child="C2"), "DECOM", "is a formula without its result: open it in Excel, save, "
         "and load again", None),
        (ep("02/12/2018", "2019", child="C2"), "DEC", "is not a date, as 04/03/2026 or 2026-03-04",
         "C2:2018-12-02"),
        (ep("02/12/2018", "01/12/2018", child="C2"), "DEC", "is before DECOM", "C2:2018-12-02"),
        (ep("02/12/2018", child=""), "CHILD", "is missing", None),
        (ep("02/12/2018", child="C;2"), "CHILD", "is not an id: letters, digits and ._:/@-, at most 64",
         None),
        (ep("02/12/2018", child="C2") + ",more", "", "has not as many cells as the header", None),
        ("C2,02/12/2018,S", "", "has not as many cells as the header", None),
    ],
)  # fmt: skip
def test_an_episode_that_cannot_be_is_a_fault(
    tmp_path: Path, row: str, column: str, sentence: str, record: str | None
):
    batch = load(tmp_path, header=[*KNOWN, "C2,F,09/06/2015,,,,"], episodes=[ep("02/12/2018"), row])
    first = batch.faults[0]
    assert (first.line, first.column, first.sentence) == (3, column, sentence)
    assert (first.table, first.record) == ("involvements", record)
    assert {fault.table for fault in batch.faults} == {"involvements", "pointers"}
    assert [tie.child for tie in batch.involvements] == ["C1"]


def test_the_episodes_of_a_child_are_taken_together_or_not_at_all(tmp_path: Path):
    rows = [
        ep("02/12/2018", "16/05/2019", "X1", place="K2", urn="SC012345"),
        ep("16/05/2019", "never", "X1"),
        ep("01/09/2019", rne="P"),
    ]
    batch = load(tmp_path, header=KNOWN, episodes=rows)
    assert not batch.involvements
    assert {f.record for f in batch.faults if f.table == "involvements"} == {
        "C1:2018-12-02", "C1:2019-05-16", "C1:2019-09-01", "C1:SC012345:2018-12-02",
    }  # fmt: skip
    assert said(batch.faults) == [(3, "DEC", "is not a date, as 04/03/2026 or 2026-03-04")]


@pytest.mark.parametrize("place", ["K1", "K2", "K3", "H5"])
def test_a_home_is_a_sensitive_service_for_the_time_of_the_stay(tmp_path: Path, place: str):
    home = {"place": place, "urn": "sc012345"}
    rows = [
        ep("02/12/2018", "16/05/2019", "X1", **home),
        ep("16/05/2019", "01/09/2019", "X1", rne="L", **home),
        ep("01/09/2019", "01/10/2019", "X1", rne="P"),
        ep("01/10/2019", rne="P", **home),
    ]
    batch = load(tmp_path, header=KNOWN, episodes=rows)
    _, home_row = batch.services
    service = home_row.service
    assert (service.id, service.code) == ("urn:SC012345", "urn:SC012345")
    assert (service.name, service.sensitive) == ("Ofsted-registered home SC012345", True)
    assert (home_row.authority, home_row.record) == (UNNAMED, "urn:SC012345/000")
    stays = [tie for tie in batch.involvements if tie.service == service.id]
    assert spans(stays) == ["2018-12-02..2019-09-01", "2019-10-01.."]
    assert [tie.record for tie in stays] == ["C1:SC012345:2018-12-02", "C1:SC012345:2019-10-01"]
    assert {tie.kind for tie in stays} == {None}


@pytest.mark.parametrize("place", ["U1", "U6", "P1", "A3", "R1", "S1", "T0", "Z1", "Z11"])
def test_carers_and_other_places_are_never_a_service(tmp_path: Path, place: str):
    batch = load(tmp_path, header=KNOWN, episodes=[ep("02/12/2018", place=place, urn="SC012345")])
    assert [row.service.name for row in batch.services] == ["Children looked after"]


def test_pointers_to_other_authorities(tmp_path: Path):
    rows = [
        ep("02/12/2018", "16/05/2019", "X1", by="PR2"),
        ep("16/05/2019", "01/09/2019", "X1", rne="L", by="PR2"),
        ep("01/09/2019", "01/10/2019", "E3", rne="P"),
        ep("02/01/2020", by="PR2", place="A3"),
        ep("02/01/2021", "02/02/2021", "E3", ls="V4", by="PR2"),
    ]
    batch = load(tmp_path, header=KNOWN, episodes=rows)
    assert [(p.kind, p.authority, *spans([p])) for p in batch.pointers] == [
        (PointerKind.PLACED_WITH, None, "2018-12-02..2019-09-01"),
        (PointerKind.CARE_TAKEN_OVER, None, "2019-10-01..2019-10-01"),
    ]


@pytest.mark.parametrize("rec", ["E11", "E12"])
def test_of_an_adoption_only_the_end_is_said(tmp_path: Path, rec: str):
    rows = [
        ep("02/12/2018", "16/05/2019", "X1"),
        ep("16/05/2019", "01/09/2019", rec, rne="P", place="A5", by="PR2"),
    ]
    earlier = ["C1,,P1,380,01/02/2016", "C1,,P4,380,", "C1,,Z1,,", "C1,,,,"]
    batch = load(tmp_path, header=KNOWN, episodes=rows, previous_permanence=earlier)
    assert spans(batch.involvements) == ["2018-12-02..2019-09-01"]
    assert not batch.pointers
    assert not batch.faults


def test_a_return_says_which_of_its_tables_are_whole(tmp_path: Path):
    tables = {name: [] for name in COLUMNS}
    assert load(tmp_path / "a", **tables).tables == (
        "children", "involvements", "practitioners", "allocations", "pointers",
    )  # fmt: skip
    assert load(tmp_path / "b", header=KNOWN).tables == ("children",)
    assert load(tmp_path / "c", episodes=[]).tables == ("involvements",)
    assert load(tmp_path / "d", previous_permanence=[]).tables == ()
    assert [warning.sentence for warning in load(tmp_path / "c2", episodes=[]).warnings] == [
        "has no table header, so that only children who were sent before are known",
        "has no table social_worker, so that nothing is said of social workers",
        "has no table previous_permanence, so that nothing is said of earlier care",
    ]
