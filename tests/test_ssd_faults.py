"""What the SSD says that cannot be taken, and the way of its rejected rows."""

import csv
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from graph.errors import BadInput
from graph.rows import Batch
from loaders import ssd
from tests.test_ssd import ONE, STAFF, TODAY, UPN, extract, folder, load, said, span, table
from tests.world import whole

NO_DAY = "is not a date, as 2026-03-04"


def of(batch: Batch) -> list[tuple[int, str, str, str | None]]:
    """Every fault that names a column: its line, header, table of rows and record."""
    return [(one.line, one.column, one.table, one.record) for one in batch.faults if one.column]


@pytest.mark.parametrize(
    ("name", "row", "column", "sentence"),
    [
        ("ssd_person", {"person_id": ""}, "pers_person_id", "is missing"),
        ("ssd_person", {"person_id": "Ø7;"}, "pers_person_id", "is not an id"),
        ("ssd_person", {"dob": "09/06/2015"}, "pers_dob", NO_DAY),
        ("ssd_person", {"dob": "2015-02-30"}, "pers_dob", NO_DAY),
        ("ssd_person", {"dob": "1850-06-01"}, "pers_dob", "is in 1900 or before"),
        ("ssd_person", {"dob": "2999-01-01"}, "pers_dob", "is more than nine months from today"),
        ("ssd_person", {"dob": "", "expected_dob": "2999-01-01"}, "pers_expected_dob", "is more than"),
        ("ssd_department", {"team_id": ""}, "dept_team_id", "is missing"),
        ("ssd_professionals", {"professional_id": "-1"}, "prof_professional_id", "is missing"),
        ("ssd_involvements", {"involvements_id": ""}, "invo_involvements_id", "is missing"),
        ("ssd_involvements", {"person_id": "-1"}, "invo_person_id", "is missing"),
        ("ssd_involvements", {"involvement_end_date": "2024-01-05"}, "invo_involvement_end_date",
         "is before the start"),
        ("ssd_involvements", {"involvement_start_date": "soon"}, "invo_involvement_start_date", NO_DAY),
        ("ssd_early_help_episodes", {"episode_end_date": "2020-01-01"}, "earl_episode_end_date",
         "is before the start"),
        ("ssd_cin_episodes", {"referral_nfa": "maybe"}, "cine_referral_nfa", "is neither yes nor no"),
        ("ssd_cin_episodes", {"person_id": ""}, "cine_person_id", "is missing"),
        ("ssd_cp_plans", {"cp_plan_ola": "?"}, "cppl_cp_plan_ola", "is neither yes nor no"),
        ("ssd_cla_episodes", {"cla_episode_start_date": ""}, "clae_cla_episode_start_date", "is missing"),
        ("ssd_cla_episodes", {"entered_care_date": "x1"}, "clae_entered_care_date", NO_DAY),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken(
    tmp_path: Path, name: str, row: dict[str, Any], column: str, sentence: str
):
    batch = load(tmp_path, **{**STAFF, name: [row]})
    (fault,) = [one for one in batch.faults if one.column]
    assert (fault.line, fault.column) == (2, column)
    assert fault.sentence.startswith(sentence)
    assert not [one for one in batch.rows() if one.file == fault.file]
    assert all(str(cell) not in str(fault) for cell in row.values() if cell)


def test_a_fault_names_every_record_that_may_not_be_taken_for_missing(tmp_path: Path):
    batch = load(
        tmp_path,
        ssd_involvements=[{"involvement_start_date": "x1"}, {"involvements_id": ""}],
        ssd_cin_episodes=[{"referral_date": "x1"}],
        ssd_cla_episodes=[{"cla_episode_start_date": ""}],
    )
    assert {(one.table, one.record) for one in batch.faults} == {
        ("involvements", "invo:9001"), ("allocations", "invo:9001"),
        ("involvements", None), ("allocations", None),
        ("involvements", "cine:41"), ("allocations", "cine:41"),
        ("pointers", "cine:41:by"), ("pointers", "cine:41:to"),
        ("involvements", "clae:6"), ("pointers", "clae:6:taken"), ("services", None),
    }  # fmt: skip


def test_a_row_of_another_shape_could_be_any(tmp_path: Path):
    header, good = table("ssd_involvements", {})
    batch = load(tmp_path, **STAFF, ssd_involvements=[header, [*good, "more"], good[:3], good])
    assert {(one.line, one.sentence, one.table, one.record) for one in batch.faults} == {
        (line, "must have 9 cells, as the header has", name, None)
        for line in (2, 3)
        for name in ("involvements", "allocations", *(["services"] if line == 2 else ()))
    }
    assert [row.record for row in batch.involvements] == ["invo:9001"]


def test_a_row_over_several_lines_is_taken_but_never_sure(tmp_path: Path):
    rows = [{"referral_outcome_json": "two\nlines"}, {"referral_id": 42, "referral_date": "x1",
             "referral_outcome_json": "two\nlines"}, {"referral_id": 43}]  # fmt: skip
    batch = load(tmp_path, ssd_person=ONE, ssd_cin_episodes=rows)
    assert [(row.record, row.line) for row in batch.involvements] == [
        ("cine:41", 2),
        ("cine:43", 6),
    ]
    assert of(batch) == [(4, "cine_referral_date", "involvements", None)]


def test_a_period_of_care_waits_for_an_episode_that_was_refused(tmp_path: Path):
    rows = [
        {"cla_episode_ceased_date": "2024-05-01"},
        {"cla_episode_id": 62, "cla_episode_start_date": "2024-05-01",
         "cla_episode_ceased_date": "x1"},
        {"cla_episode_id": 63, "cla_id": 7, "person_id": 502},
    ]  # fmt: skip
    path = extract(tmp_path / "in", ssd_cla_episodes=rows)
    batch = whole(ssd.read(path, "leeds-social-care", TODAY))
    assert [row.record for row in batch.involvements] == ["clae:7"]
    assert {(one.line, one.record) for one in batch.faults if one.table == "involvements"} == {
        (2, "clae:6"),
        (3, "clae:6"),
    }
    ssd.reject(path, batch.faults, tmp_path / "out")
    file = tmp_path / "out" / "ssd_cla_episodes.csv"
    file.write_text(file.read_text().replace("x1", "2024-06-01"))
    (period,) = whole(ssd.read(file.parent, "leeds-social-care", TODAY)).involvements
    assert (period.record, str(span(period)[1])) == ("clae:6", "2024-06-01")


def test_with_an_episode_of_care_the_others_of_the_child_wait_and_what_they_point_to(
    tmp_path: Path,
):
    taken_over = {"cla_episode_ceased_date": "2024-05-01", "cla_episode_ceased_reason": "E3"}
    rows = [taken_over, {"cla_episode_id": 62, "cla_id": 7, "cla_episode_start_date": "x1"}]
    batch = load(tmp_path, ssd_person=ONE, ssd_cla_episodes=rows)
    held = {(one.table, one.record) for one in batch.faults}
    assert held >= {("involvements", "clae:6"), ("pointers", "clae:6:taken")}


def test_what_is_odd_is_told_and_taken(tmp_path: Path):
    rows = [{"involvement_start_date": "2026-11-21"}]
    batch = load(tmp_path, **STAFF, ssd_involvements=rows)
    assert said(batch.warnings) == [
        ("invo_involvement_start_date", "is after the date of the extract; the row is taken")
    ]
    assert len(batch.involvements) == 1


def test_of_many_alike_warnings_a_hundred_are_listed(tmp_path: Path):
    rows = [{"person_id": n, "common_child_id": "1"} for n in range(500)]
    batch = load(tmp_path, ssd_person=rows)
    assert len(batch.children) == 500
    assert len(batch.warnings) == 100
    assert batch.warnings[-1].sentence.endswith("(400 more of these)")


def test_a_table_that_lacks_a_column_stops_all_and_says_which(tmp_path: Path):
    lines = [row[:-1] for row in table("ssd_cp_plans", {})]
    at = lines[0].index("cppl_cp_plan_end_date")
    lines = [[*row[:at], *row[at + 1 :]] for row in lines]
    twice = [[*row, row[1]] for row in table("ssd_person", {})]
    path = extract(tmp_path, ssd_cp_plans=lines, ssd_person=twice)
    with pytest.raises(BadInput) as caught:
        ssd.read(path, "leeds-social-care", TODAY)
    assert str(caught.value).splitlines() == [
        "export 0.csv has the column pers_person_id twice: keep one",
        "export 7.csv is ssd_cp_plans and lacks the column cppl_cp_plan_end_date: "
        "add it to the extract",
    ]


def test_in_a_part_of_an_extract_the_door_judges_who_is_not_there(tmp_path: Path):
    rows = [{"professional_id": 999, "professional_team": "T-77"}]
    path = folder(tmp_path, ssd_involvements=rows)
    batch = whole(ssd.read(path, "leeds-social-care", TODAY, full=False))
    (work,) = batch.allocations
    assert (work.practitioner, work.service, batch.services) == ("999", "T-77", [])
    assert not batch.warnings


ENTRY = {
    "INVOLVEMENT_ID": 10374, "INVOLVEMENT_TYPE_CODE": "CW",
    "INVOLVEMENT_TYPE_DESC": "Allocated Case Worker", "START_DATE": "2020-01-25T00:00:00",
    "END_DATE": "1900-01-01T00:00:00", "WORKER_ID": 77, "DEPARTMENT_ID": -1,
}  # fmt: skip
SECOND = {**ENTRY, "INVOLVEMENT_ID": 10375, "WORKER_ID": -1, "DEPARTMENT_ID": 12}
PEOPLE = [
    *table("ssd_person", {})[0],
    "pers_involvement_history_json",
    "pers_involvement_type_story",
]


def with_history(*cells: str) -> list[list[str]]:
    """ssd_person with the column of JSON that bespoke extracts add to it."""
    rows = table("ssd_person", *({"person_id": 501 + n} for n in range(len(cells))))[1:]
    return [PEOPLE, *([*row, cell, '["CW"]'] for row, cell in zip(rows, cells, strict=True))]


def no_involvements(place: Path, **tables: Any) -> Path:
    """An extract whose involvements are JSON in a cell."""
    some = {**STAFF, **tables}
    return folder(place, **some)


@pytest.mark.parametrize(
    "cell",
    [
        json.dumps([ENTRY, SECOND]),
        "\ufeff" + json.dumps([ENTRY, SECOND], indent=1),
        f"{json.dumps(ENTRY)},{json.dumps(SECOND)}",  # WITHOUT_ARRAY_WRAPPER
        json.dumps([{key: str(value) for key, value in row.items()} for row in (ENTRY, SECOND)]),
    ],
)
def test_a_history_of_involvements_as_json(tmp_path: Path, cell: str):
    path = no_involvements(tmp_path, ssd_person=with_history(cell))
    batch = whole(ssd.read(path, "leeds-social-care", TODAY))
    assert not batch.faults
    assert [(row.record, row.child, row.service, span(row)[1]) for row in batch.involvements] == [
        ("invo:10374", "501", "childrens-social-care", None),
        ("invo:10375", "501", "12", None),
    ]
    assert [(row.record, row.practitioner) for row in batch.allocations] == [("invo:10374", "77")]


def test_a_single_entry_need_not_be_an_array(tmp_path: Path):
    path = no_involvements(tmp_path, ssd_person=with_history(json.dumps(ENTRY), "", "NULL"))
    batch = whole(ssd.read(path, "leeds-social-care", TODAY))
    assert (len(batch.children), [row.record for row in batch.involvements]) == (3, ["invo:10374"])


def test_a_file_may_hold_histories_alone(tmp_path: Path):
    lines = [["invo_person_id", "involvement_history_json"], ["501", json.dumps(ENTRY)]]
    batch = whole(ssd.read(folder(tmp_path, **STAFF, history=lines), "leeds-social-care", TODAY))
    assert [(row.record, row.child) for row in batch.involvements] == [("invo:10374", "501")]
    assert not batch.faults
    assert len(batch.children) == 1


def test_a_table_of_involvements_without_rows_says_nothing_of_a_history(tmp_path: Path):
    batch = load(tmp_path, **{**STAFF, "ssd_person": with_history(json.dumps(ENTRY))})
    assert [row.record for row in batch.involvements] == ["invo:10374"]
    assert not batch.warnings


def test_a_history_beside_its_own_table_is_not_read_twice(tmp_path: Path):
    tables = {**STAFF, "ssd_person": with_history(json.dumps(ENTRY))}
    batch = load(tmp_path, **tables, ssd_involvements=ONE)
    assert [row.record for row in batch.involvements] == ["invo:9001"]
    assert said(batch.warnings) == [
        ("pers_involvement_history_json", "is not read, because ssd_involvements says the same")
    ]


@pytest.mark.parametrize("cell", [json.dumps([ENTRY])[:-20], "[1]", '"a"', "[" * 50_000, "{]"])
def test_a_history_that_was_cut_off_is_refused_without_its_child(tmp_path: Path, cell: str):
    batch = whole(
        ssd.read(
            no_involvements(tmp_path, ssd_person=with_history(cell)), "leeds-social-care", TODAY
        )
    )
    assert of(batch) == [(2, "pers_involvement_history_json", "involvements", None)]
    assert len(batch.children) == 1


def test_an_entry_says_which_of_its_keys_is_wrong(tmp_path: Path):
    bad = [{**ENTRY, "START_DATE": "25/01/2020"}, {**ENTRY, "INVOLVEMENT_ID": {}}, SECOND]
    path = no_involvements(tmp_path / "in", ssd_person=with_history(json.dumps(bad)))
    batch = whole(ssd.read(path, "leeds-social-care", TODAY))
    assert said(one for one in batch.faults if one.table == "involvements") == [
        ("pers_involvement_history_json", f"START_DATE of an entry {NO_DAY}"),
        ("pers_involvement_history_json", "INVOLVEMENT_ID of an entry is not an id"),
    ]
    assert [row.record for row in batch.involvements] == ["invo:10375"]
    ssd.reject(path, batch.faults, tmp_path / "out")
    (row,) = rows(tmp_path / "out" / "ssd_person.csv")[1:]
    (kept,) = [cell for cell in row if cell.startswith("[{")]
    assert "INVOLVEMENT_TYPE_DESC" not in kept
    assert json.loads(kept)[0]["START_DATE"] == "25/01/2020"


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_rejected_rows_hold_only_what_is_read_and_are_their_owners(tmp_path: Path):
    person = {"dob": "2015-06-31", "ethnicity": "ZZ", "death_date": "2026-01-01"}
    links = [
        {"identifier_value": UPN},
        {"identifier_value": "ZZ1", "identifier_type": "Court Case Number"},
    ]
    work = [{"professional_team": "east locality", "involvement_start_date": "x1"}]
    path = extract(
        tmp_path / "in",
        **{**STAFF, "ssd_person": [person, {"person_id": 502}]},
        ssd_linked_identifiers=links,
        ssd_involvements=work,
        ssd_cp_plans=ONE,
    )
    batch = whole(ssd.read(path, "leeds-social-care", TODAY))
    out = ssd.reject(path, batch.faults, tmp_path / "out")
    assert out == tmp_path / "out"
    assert sorted(file.name for file in out.iterdir()) == [
        "ssd_involvements.csv", "ssd_linked_identifiers.csv", "ssd_person.csv"
    ]  # fmt: skip
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {0o600}
    header, row = rows(out / "ssd_person.csv")
    assert dict(zip(header, row, strict=True)) == {
        "pers_person_id": "501", "pers_dob": "2015-06-31", "pers_expected_dob": "",
        "pers_forename": "Chidi", "pers_surname": "Okafor", "pers_sex": "M",
        "pers_common_child_id": "9990000018", "pers_upn": "", "reason": f"pers_dob: {NO_DAY}",
    }  # fmt: skip
    assert [line[0] for line in rows(out / "ssd_linked_identifiers.csv")[1:]] == [UPN]
    header, row = rows(out / "ssd_involvements.csv")
    assert row[header.index("invo_professional_team")] == "12"
    with pytest.raises(BadInput, match="is there already"):
        ssd.reject(path, batch.faults, tmp_path / "out")


def test_a_folder_of_rejects_only_adds_and_is_rejected_again_as_it_is(tmp_path: Path):
    path = extract(tmp_path / "in", ssd_person=[{"dob": "2015-06-31"}])
    batch = whole(ssd.read(path, "leeds-social-care", TODAY))
    out = ssd.reject(path, batch.faults, tmp_path / "out")
    assert out
    again = whole(ssd.read(out, "leeds-social-care", TODAY))
    assert (again.full, said(again.faults)) == (False, [("pers_dob", NO_DAY)])
    assert ssd.knows(out)
    third = ssd.reject(out, again.faults, tmp_path / "third")
    assert third
    assert rows(third / "ssd_person.csv") == rows(out / "ssd_person.csv")


def test_a_row_of_another_shape_is_told_without_its_cells(tmp_path: Path):
    header, good = table("ssd_cp_plans", {"cp_plan_initial_category": "ZZ"})
    path = extract(tmp_path / "in", ssd_cp_plans=[header, [*good, "ZZ"]])
    batch = whole(ssd.read(path, "leeds-social-care", TODAY))
    ssd.reject(path, batch.faults, tmp_path / "out")
    _, row = rows(tmp_path / "out" / "ssd_cp_plans.csv")
    assert row[:-1] == [""] * 5
    assert row[-1].startswith("line 2 must have 9 cells, as the header has")
