"""Made-up CSV extracts: our own folder, and the tables of the Standard Safeguarding Dataset."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import make_archive, rmtree
from typing import Any

from signpost.bench.crowds import CONTENT, Crowd, Person

Put = Mapping[str, Callable[[Sequence[Any]], object]]
_OWN = {
    "services": "service,name,kind,agency,authority,from,to,sensitive,duty_line,hours,confirmed_on",
    "practitioners": "practitioner,name,profession,registration,work_phone,work_email,service,from,to",
    "parents": "service,parent",
    "successors": "service,successor,from",
    "children": "child,nhs_number,family_name,given_name,birth_date,sex,postcode,shielded",
    "homes": "home,child,authority,from,to",
    "involvements": "involvement,child,service,kind,from,to,consent",
    "allocations": "allocation,child,practitioner,service,part,from,to,change_reason",
    "pointers": "pointer,child,kind,authority,from,to",
}
_SSD = {
    "department": "dept_team_id,dept_team_name,dept_team_parent_id",
    "professionals": "prof_professional_id,prof_professional_name,prof_social_worker_registration_no,"
    "prof_professional_job_title,prof_professional_department",
    "person": "pers_person_id,pers_upn,pers_forename,pers_surname,pers_sex,pers_ethnicity,pers_dob,"
    "pers_common_child_id,pers_expected_dob",
    "linked_identifiers": "link_person_id,link_identifier_type,link_identifier_value,"
    "link_valid_from_date,link_valid_to_date",
    "involvements": "invo_involvements_id,invo_professional_id,invo_professional_role_id,"
    "invo_professional_team,invo_person_id,invo_involvement_start_date,invo_involvement_end_date,"
    "invo_worker_change_reason",
    "early_help": "earl_episode_id,earl_person_id,earl_episode_start_date,earl_episode_end_date,"
    "earl_episode_reason,earl_episode_organisation,earl_episode_worker_id",
    "cin": "cine_referral_id,cine_person_id,cine_referral_date,cine_cin_primary_need_code,"
    "cine_referral_source_code,cine_referral_nfa,cine_close_reason,cine_close_date,cine_referral_team",
    "cp": "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date,"
    "cppl_cp_plan_ola,cppl_cp_plan_initial_category",
    "cla": "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,"
    "clae_cla_episode_ceased_date,clae_cla_episode_ceased_reason,clae_cla_id,clae_entered_care_date",
}  # fmt: skip


@contextmanager
def tables(folder: Path, heads: Mapping[str, str], encoding: str = "utf-8") -> Iterator[Put]:
    """Write a CSV file for each table, all at once.

    heads: the columns of each, with commas. Give, for each table, what writes one row.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        put = {}
        for name, head in heads.items():
            path = folder / f"{name}.csv"
            file = stack.enter_context(path.open("w", encoding=encoding, newline=""))
            put[name] = csv.writer(file, lineterminator="\n").writerow
            if head:
                put[name](head.split(","))
        yield put


def write_csv(folder: Path, crowd: Crowd) -> Path:
    """Write our own folder; of every child two involvements, a home and an allocation."""
    with tables(folder, _OWN) as put:
        _own_teams(put, crowd)
        for one in crowd:
            _own_child(put, crowd, one)
    return folder


def write_csv_withdrawals(folder: Path, crowd: Crowd) -> Path:
    """Write the same; of every fifth child, and of one who was never told of, all is taken back."""
    with tables(write_csv(folder, crowd), {"withdrawals": "child"}) as put:
        for n in range(0, crowd.count, 5):
            put["withdrawals"]([f"C{n}"])
        put["withdrawals"]([f"C{crowd.count}"])
    return folder


def _own_teams(put: Put, crowd: Crowd) -> None:
    for n in range(crowd.teams):
        sensitive, line = "yes" if n == 3 else "", f"0113 496 0{n % 1000:03}"
        reach = [sensitive, line, "Mo-Fr 09:00-17:00", "2026-03-04"]
        days = ["2015-04-01", "2019-03-31" if n == 2 else ""]
        put["services"]([f"T{n}", f"{crowd.team} {n}", "other", "health", "383", *days, *reach])
        if n:
            put["parents"]([f"T{n}", "T0"])
    put["successors"](["T2", "T1", "2019-04-01"])
    for n in range(crowd.workers):
        who = [f"P{n}", crowd.worker, "social worker", f"SW{n:06}", "0113 496 0999"]
        put["practitioners"]([*who, "amina@example.org", f"T{n % crowd.teams}", "2015-04-01", ""])


def _own_child(put: Put, crowd: Crowd, one: Person) -> None:
    n, child, since = one.number, f"C{one.number}", one.since
    number = f"{one.nhs[:3]} {one.nhs[3:6]} {one.nhs[6:]}" if one.nhs else ""
    put["children"]([child, number, one.family, one.given, one.born, one.sex, one.postcode, ""])
    put["homes"]([f"H{n}", child, "383", one.born, ""])
    over = since + timedelta(days=400)
    put["involvements"]([f"I{n}-0", child, _of(n, crowd), "child in need", since, over, ""])
    put["involvements"]([f"I{n}-1", child, _of(n + 1, crowd), "", over, "", ""])
    worker, part = f"P{n % crowd.workers}", "allocated worker"
    put["allocations"]([f"A{n}", child, worker, _of(n, crowd), part, since, over, "OTHERS"])
    if n % 10 == 9:
        put["pointers"]([f"X{n}", child, "transferred to another authority", "380", over, over])


def _of(n: int, crowd: Crowd) -> str:
    return f"T{n % crowd.teams}"


def zipped(write: Callable[[Path, Crowd], Path]) -> Callable[[Path, Crowd], Path]:
    """Make of what writes a folder what writes the same as a zip."""

    def write_zip(folder: Path, crowd: Crowd) -> Path:
        inside = write(folder / "inside", crowd)
        packed = Path(make_archive(str(folder / "extract"), "zip", inside))
        rmtree(inside)
        return packed

    return write_zip


def write_ssd(folder: Path, crowd: Crowd) -> Path:
    """Write the tables of the SSD that are read."""
    with tables(folder, _SSD) as put:
        for n in range(crowd.teams):
            put["department"]([100 + n, f"{crowd.team} {n}", 100 if n else ""])
        for n in range(crowd.workers):
            team = f"{crowd.team} {n % crowd.teams}"
            put["professionals"]([700 + n, crowd.worker, f"SW{n:06}", "Social Worker", team])
        for one in crowd:
            _ssd_child(put, crowd, one)
            _ssd_more(put, one)
    return folder


def _ssd_child(put: Put, crowd: Crowd, one: Person) -> None:
    n, child, since = one.number, 5_000_000 + one.number, f"{one.since}T00:00:00"
    born = f"{one.born} 00:00:00.000"
    sealed = [one.upn, one.given, one.family, one.sex, CONTENT, born, one.nhs, ""]
    put["person"]([child, *sealed])
    kind = ["Unique Pupil Number", "Home Office Registration"][n % 2]
    put["linked_identifiers"]([child, kind, one.upn, "2014-09-01", ""])
    worker, team = 700 + n % crowd.workers, 100 + n % crowd.teams
    role, end, why = "Allocated Case Worker", "" if n % 3 else "2024-05-06T00:00:00", "FCONTA"
    put["involvements"]([9_000_000 + n, worker, role, team, child, since, end, why if end else ""])
    source = "5C" if n % 10 == 9 else "1A"
    closed = ["RC5", "2025-02-03T00:00:00"] if n % 4 == 3 else ["", ""]
    put["cin"]([4_000_000 + n, child, since, CONTENT, source, "N", *closed, team])


def _ssd_more(put: Put, one: Person) -> None:
    n, child, since = one.number, 5_000_000 + one.number, f"{one.since}T00:00:00"
    if n % 4 == 0:
        help_ = [CONTENT, "Sunny Family Hub", 700]
        put["early_help"]([3_000_000 + n, child, since, "2023-06-30", *help_])
    if n % 4 == 1:
        ola = "Y" if n % 8 == 1 else "N"
        put["cp"]([2_000_000 + n, child, since, "", ola, CONTENT])
    if n % 8 == 2:
        care = 6_000_000 + n
        put["cla"]([2 * care, child, "2024-03-01", "2024-06-01", "X1", care, "2024-03-01"])
        put["cla"]([2 * care + 1, child, "2024-06-01", "2025-01-02", "E3", care, "2024-03-01"])
