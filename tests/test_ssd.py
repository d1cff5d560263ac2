"""The Standard Safeguarding Dataset in the columns of its specification: what is read of it."""

import csv
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.errors import BadInput
from graph.model import Sex
from graph.rows import Batch
from loaders import ssd
from loaders.ssd.tables import ALIASES, HISTORY, TABLES
from tests.world import whole

TODAY = date(2026, 11, 20)

# Every column of each table, as Data to Insight's specification and scripts 1.4 have them.
COLUMNS = {
    "ssd_person": "pers_legacy_id,pers_person_id,pers_upn,pers_forename,pers_surname,pers_sex,"
    "pers_gender,pers_ethnicity,pers_dob,pers_common_child_id,pers_upn_unknown,pers_send_flag,"
    "pers_expected_dob,pers_death_date,pers_is_mother,pers_nationality",
    "ssd_linked_identifiers": "link_table_id,link_person_id,link_identifier_type,"
    "link_identifier_value,link_valid_from_date,link_valid_to_date",
    "ssd_involvements": "invo_involvements_id,invo_professional_id,invo_professional_role_id,"
    "invo_professional_team,invo_person_id,invo_involvement_start_date,invo_involvement_end_date,"
    "invo_worker_change_reason,invo_referral_id",
    "ssd_professionals": "prof_professional_id,prof_staff_id,prof_professional_name,"
    "prof_social_worker_registration_no,prof_agency_worker_flag,prof_professional_job_title,"
    "prof_professional_caseload,prof_professional_department,prof_full_time_equivalency",
    "ssd_department": "dept_team_id,dept_team_name,dept_team_parent_id,dept_team_parent_name",
    "ssd_early_help_episodes": "earl_episode_id,earl_person_id,earl_episode_start_date,"
    "earl_episode_end_date,earl_episode_reason,earl_episode_end_reason,earl_episode_organisation,"
    "earl_episode_worker_id",
    "ssd_cin_episodes": "cine_referral_id,cine_person_id,cine_referral_date,"
    "cine_cin_primary_need_code,cine_referral_source_code,cine_referral_source_desc,"
    "cine_referral_outcome_json,cine_referral_nfa,cine_close_reason,cine_close_date,"
    "cine_referral_team,cine_referral_worker_id",
    "ssd_cp_plans": "cppl_cp_plan_id,cppl_referral_id,cppl_icpc_id,cppl_person_id,"
    "cppl_cp_plan_start_date,cppl_cp_plan_end_date,cppl_cp_plan_ola,"
    "cppl_cp_plan_initial_category,cppl_cp_plan_latest_category",
    "ssd_cla_episodes": "clae_cla_episode_id,clae_person_id,clae_cla_placement_id,"
    "clae_cla_episode_start_date,clae_cla_episode_start_reason,clae_cla_primary_need_code,"
    "clae_cla_episode_ceased_date,clae_cla_episode_ceased_reason,clae_cla_id,clae_referral_id,"
    "clae_cla_last_iro_contact_date,clae_entered_care_date",
    "ssd_address": "addr_table_id,addr_person_id,addr_address_type,addr_address_start_date,"
    "addr_address_end_date,addr_address_postcode,addr_address_json",
    "ssd_contacts": "cont_contact_id,cont_person_id,cont_contact_date,cont_contact_source_code,"
    "cont_contact_source_desc,cont_contact_outcome_json",
    "ssd_missing": "miss_table_id,miss_person_id,miss_missing_episode_start_date,"
    "miss_missing_episode_type,miss_missing_episode_end_date,miss_missing_rhi_offered,"
    "miss_missing_rhi_accepted",
    "ssd_send": "send_table_id,send_person_id,send_upn,send_uln,send_upn_unknown",
    "ssd_cin_plans": "cin_plan_id,cinp_referral_id,cinp_person_id,cinp_cin_plan_start_date,"
    "cinp_cin_plan_end_date,cinp_cin_plan_team,cinp_cin_plan_worker_id",
    "ssd_legal_status": "lega_legal_status_id,lega_person_id,lega_legal_status,"
    "lega_legal_status_start_date,lega_legal_status_end_date",
}
READ = list(COLUMNS)[:9]
UPN, OLD_UPN = "A123456789012", "P123456789013"

# By table, what a row holds if a test says nothing else: short names are those after the prefix.
USUAL: dict[str, dict[str, Any]] = {
    "ssd_person": {"person_id": 501, "forename": "Chidi", "surname": "Okafor", "sex": "M",
                   "dob": "2015-06-09 00:00:00.000", "common_child_id": "9990000018"},
    "ssd_linked_identifiers": {"table_id": "9F1C", "person_id": 501,
                               "identifier_type": "Unique Pupil Number"},
    "ssd_involvements": {"involvements_id": 9001, "professional_id": 77,
                         "professional_role_id": "Allocated Case Worker",
                         "professional_team": 12, "person_id": 501,
                         "involvement_start_date": "2024-01-06T00:00:00"},
    "ssd_professionals": {"professional_id": 77, "staff_id": "AYUS01",
                          "professional_name": "Amina Yusuf",
                          "social_worker_registration_no": "SW000007",
                          "professional_job_title": "Social Worker",
                          "professional_department": "East Locality"},
    "ssd_department": {"team_id": 12, "team_name": "East Locality"},
    "ssd_early_help_episodes": {"episode_id": 31, "person_id": 501,
                                "episode_start_date": "2021-02-01",
                                "episode_organisation": "Sunny Family Hub",
                                "episode_worker_id": "SSD_PH"},
    "ssd_cin_episodes": {"referral_id": 41, "person_id": 501, "referral_date": "2023-05-04",
                         "referral_nfa": "N", "referral_team": 12},
    "ssd_cp_plans": {"cp_plan_id": 51, "person_id": 501, "cp_plan_start_date": "2023-06-01",
                     "cp_plan_ola": "N"},
    "ssd_cla_episodes": {"cla_episode_id": 61, "person_id": 501, "cla_id": 6,
                         "cla_episode_start_date": "2024-03-01"},
}  # fmt: skip


def table(name: str, *rows: dict[str, Any]) -> list[list[str]]:
    """A table with its header; each row is the usual one with what a test says."""
    headers = COLUMNS[name].split(",")
    lines = [headers]
    for row in rows:
        said = {**USUAL.get(name, {}), **row}
        full = {header: header.partition("_")[2] for header in headers}
        unknown = set(said) - set(full.values())
        assert not unknown, f"{name} has no column for {unknown}"
        lines.append([str(said.get(short, "")) for short in full.values()])
    return lines


def folder(place: Path, **tables: Any) -> Path:
    """A folder of an extract: a table a file, by names that say nothing of what is in them."""
    place.mkdir(parents=True, exist_ok=True)
    for number, (name, rows) in enumerate(tables.items()):
        rows = table(name, *rows) if rows and isinstance(rows[0], dict) else rows
        with (place / f"export {number}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows or table(name))
    return place


def extract(place: Path, **tables: Any) -> Path:
    """A whole extract: the nine tables, of which those that a test does not say are empty."""
    return folder(place, **{**dict.fromkeys(READ, ()), **tables})


def load(place: Path, **tables: Any) -> Batch:
    """The batch of a whole extract."""
    return whole(ssd.read(extract(place, **tables), "leeds-social-care", TODAY))


def said(faults: Any) -> list[tuple[str, str]]:
    """Where each fault stands, and its sentence."""
    return [(fault.column, fault.sentence) for fault in faults]


def span(row: Any) -> tuple[date | None, date | None]:
    return row.period.from_, row.period.to


ONE = [{}]
STAFF: dict[str, Any] = {"ssd_department": ONE, "ssd_professionals": ONE, "ssd_person": ONE}


def test_a_table_is_known_by_its_columns_in_any_order_and_case(tmp_path: Path):
    lines = table("ssd_involvements", {})
    turned = [list(reversed([cell.upper() for cell in lines[0]])), list(reversed(lines[1]))]
    batch = load(tmp_path, **STAFF, ssd_involvements=turned)
    assert [row.record for row in batch.involvements] == ["invo:9001"]
    assert not batch.faults
    assert not batch.warnings
    assert (batch.feed, batch.full) == ("ssd", True)


def test_other_tables_of_the_dataset_are_left_unread_and_strangers_are_told(tmp_path: Path):
    others = {name: table(name, {}) for name in COLUMNS if name not in READ}
    path = extract(tmp_path, **others)
    (path / "notes.csv").write_text("who,what\n1,2\n")
    (path / "empty.csv").write_text("")
    batch = whole(ssd.read(path, "leeds-social-care", TODAY))
    assert [(one.file, one.sentence) for one in batch.warnings] == [
        ("empty.csv", "has not the columns of a table of the SSD, and was not read"),
        ("notes.csv", "has not the columns of a table of the SSD, and was not read"),
    ]
    assert not list(batch.rows())


def test_a_zip_is_read_as_its_folder_is(tmp_path: Path):
    path = extract(tmp_path / "in", **STAFF, ssd_involvements=ONE)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in path.iterdir():
            archive.write(file, f"ssd/{file.name}")
    zipped = whole(ssd.read(tmp_path / "a.zip", "leeds-social-care", TODAY))
    plain = whole(ssd.read(path, "leeds-social-care", TODAY))
    places = {"file", "line"}
    assert [row.model_dump(exclude=places) for row in zipped.rows()] == [
        row.model_dump(exclude=places) for row in plain.rows()
    ]
    assert "ssd_person" in str(ssd.knows(tmp_path / "a.zip"))


def test_it_is_known_by_its_columns_and_nothing_else_is(tmp_path: Path):
    path = folder(tmp_path / "in", ssd_person=ONE, ssd_address=[table("ssd_address")[0]])
    assert ssd.knows(path) == "it has the columns of ssd_person of the SSD"
    assert ssd.knows(path / "export 0.csv") is not None
    assert ssd.knows(path / "export 1.csv") is None
    assert ssd.knows(tmp_path / "absent") is None
    own = tmp_path / "own"
    own.mkdir()
    assert ssd.knows(own) is None
    for name, data in {
        "children.csv": b"child,family_name\n",
        "header.csv": b"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n",
        "a.bin": bytes(range(256)) * 50,
        "a.json": b'{"pers_person_id": 1}',
        "long.csv": b"x" * 2_000_000,
    }.items():
        (own / name).write_bytes(data)
        assert ssd.knows(own / name) is None, name


def test_a_child_is_names_birth_sex_and_numbers_and_no_more(tmp_path: Path):
    content = {
        "ethnicity": "ZZ", "nationality": "ZZ", "death_date": "2026-01-01", "send_flag": "Y",
        "is_mother": "Y", "gender": "02", "legacy_id": "ZZ", "upn": UPN,
    }  # fmt: skip
    (child,) = load(tmp_path, ssd_person=[content]).children
    assert child.record == "501"
    assert child.identity.model_dump(exclude_defaults=True) == {
        "nhs_number": "9990000018",
        "upn": UPN,
        "given_name": "Chidi",
        "family_name": "Okafor",
        "birth_date": date(2015, 6, 9),
        "sex": Sex.MALE,
    }


def test_the_later_name_of_the_common_number_is_read_too(tmp_path: Path):
    lines = table("ssd_person", {"common_child_id": "999 000 0026"})
    lines[0][lines[0].index("pers_common_child_id")] = "pers_single_unique_id"
    (child,) = load(tmp_path, ssd_person=lines).children
    assert child.identity.nhs_number == "9990000026"


def test_a_child_that_is_not_born_yet_has_an_expected_date(tmp_path: Path):
    unborn = {"dob": "1900-01-01T00:00:00", "expected_dob": "2027-01-15T00:00:00"}
    born = {"person_id": 2, "common_child_id": "", "expected_dob": "2015-06-20"}
    batch = load(tmp_path, ssd_person=[unborn, born])
    first, second = (child.identity for child in batch.children)
    assert (first.birth_date, first.expected_date) == (None, date(2027, 1, 15))
    assert (second.birth_date, second.expected_date) == (date(2015, 6, 9), None)
    assert not batch.warnings


def test_an_estimated_birth_in_the_wrong_column_is_told_once(tmp_path: Path):
    rows = [{"person_id": n, "dob": "", "expected_dob": "2012-01-01"} for n in range(3)]
    batch = load(tmp_path, ssd_person=rows)
    assert said(batch.warnings) == [
        (
            "pers_expected_dob",
            "is long past: an estimated date of birth belongs into pers_dob (2 more of these)",
        )
    ]
    assert batch.children[0].identity.expected_date == date(2012, 1, 1)


def test_identifiers_over_time_are_the_one_that_holds_and_those_before(tmp_path: Path):
    links = [
        {"identifier_value": OLD_UPN, "valid_from_date": "2019-09-01",
         "valid_to_date": "2022-08-31"},
        {"identifier_value": UPN, "valid_from_date": "2022-09-01",
         "valid_to_date": "1900-01-01T00:00:00"},
        {"identifier_type": "NHS Number", "identifier_value": "999 000 0026",
         "valid_to_date": "2020-01-01"},
        {"identifier_type": "NHS Number", "identifier_value": "9990000034"},
        {"identifier_type": "Home Office Registration", "identifier_value": "ZZ1234567"},
        {"identifier_type": "YOT Number", "identifier_value": "ZZ7", "person_id": 502},
        {"identifier_type": "Unique Pupil Number", "identifier_value": "SSD_PH", "person_id": 502},
    ]  # fmt: skip
    children = [{"common_child_id": ""}, {"person_id": 502, "common_child_id": "NULL"}]
    for rows in (links, links[::-1]):
        batch = load(tmp_path, ssd_linked_identifiers=rows, ssd_person=children)
        first, second = (child.identity for child in batch.children)
        assert (first.upn, first.former_upns, first.nhs_number) == (UPN, (OLD_UPN,), "9990000034")
        assert (second.upn, second.former_upns, second.nhs_number) == (None, (), None)
        assert not batch.warnings


def test_a_childs_own_row_speaks_before_the_linked_identifiers(tmp_path: Path):
    links = [
        {"identifier_value": OLD_UPN},
        {"identifier_value": UPN, "valid_to_date": "2020-01-01"},
    ]
    (child,) = load(
        tmp_path, ssd_linked_identifiers=links, ssd_person=[{"upn": f" {UPN.lower()} "}]
    ).children
    assert (child.identity.upn, child.identity.former_upns) == (UPN, (OLD_UPN,))


def test_former_identifiers_have_a_type_of_their_own(tmp_path: Path):
    links = [{"identifier_type": "Former Unique Pupil Number", "identifier_value": OLD_UPN}]
    (child,) = load(tmp_path, ssd_linked_identifiers=links, ssd_person=[{"upn": "UN4"}]).children
    assert (child.identity.upn, child.identity.former_upns) == (None, (OLD_UPN,))


def test_what_cannot_be_used_of_a_child_is_told_and_the_child_stays(tmp_path: Path):
    bad = {"surname": "Oka4", "forename": "TWIN 1", "common_child_id": "9990000019", "upn": "B1"}
    links = [{"identifier_value": UPN}, {"identifier_value": "A1"},
             {"identifier_type": "nhs no.", "identifier_value": "9990000018"}]  # fmt: skip
    batch = load(tmp_path, ssd_person=[bad], ssd_linked_identifiers=links)
    (child,) = batch.children
    assert child.identity.model_dump(exclude_defaults=True, exclude={"sex", "birth_date"}) == {
        "nhs_number": "9990000018",
        "upn": UPN,
        "given_name": "TWIN",
    }
    assert not batch.faults
    without = "the child is taken without it"
    assert sorted(said(batch.warnings)) == [
        ("link_identifier_value", "is not a number of its type; it is left out"),
        (
            "pers_common_child_id",
            "is not a valid NHS number (ten digits, the last a check digit); " + without,
        ),
        (
            "pers_surname",
            f"is not a name: letters, spaces, hyphens and apostrophes, at most 80; {without}",
        ),
        (
            "pers_upn",
            f"is not a UPN (a letter, then 12 digits; the last may be a letter); {without}",
        ),
    ]


def test_only_what_is_there_in_full_can_end(tmp_path: Path):
    assert set(load(tmp_path / "a").tables) == {
        "children", "services", "practitioners", "parents", "involvements", "allocations",
        "pointers",
    }  # fmt: skip
    some = {name: () for name in READ if name not in ("ssd_cp_plans", "ssd_linked_identifiers")}
    batch = whole(ssd.read(folder(tmp_path / "b", **some), "leeds-social-care", TODAY))
    assert set(batch.tables) == {"children", "practitioners", "parents", "allocations"}
    assert [one.sentence for one in batch.warnings] == [
        "has no ssd_linked_identifiers: identifiers are not known",
        "has no ssd_cp_plans: what is missing of involvements and pointers is not taken for ended",
    ]
    partial = whole(ssd.read(tmp_path / "b", "leeds-social-care", TODAY, full=False))
    assert (partial.full, partial.warnings) == (False, [])


def test_the_columns_that_are_read_are_those_of_the_docs():
    page = (Path(__file__).parents[1] / "docs" / "ssd.md").read_text()
    told = dict(re.findall(r"^\| (ssd_\w+) \| (\w+_\w+_.*) \|$", page, flags=re.M))
    for each in TABLES:
        if each is not HISTORY:
            words = set(re.findall(r"\w+_\w+", told[each.name])) - set(ALIASES)
            assert words == set(each.columns), each.name
            must = set(re.findall(r"\w+_\w+", re.sub(r"\(.*?\)", "", told[each.name])))
            assert must - set(ALIASES) == set(each.need), each.name


def test_nothing_is_there(tmp_path: Path):
    (tmp_path / "a.csv").write_text("who,what\n")
    with pytest.raises(BadInput, match="holds no table of the Standard Safeguarding Dataset"):
        ssd.read(tmp_path, "leeds-social-care", TODAY)
    assert ssd.reject(tmp_path, [], tmp_path / "out") is None


def test_a_child_may_be_called_what_elsewhere_says_nothing(tmp_path: Path):
    rows = [
        {"forename": "Nan", "surname": "Na"},
        {"person_id": 502, "forename": "nan", "surname": "NULL"},
    ]
    first, second = (row.identity for row in load(tmp_path, ssd_person=rows).children)
    assert (first.given_name, first.family_name) == ("Nan", "Na")
    assert (second.given_name, second.family_name) == (None, None)
