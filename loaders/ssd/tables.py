"""The tables of the Standard Safeguarding Dataset, each known by its columns.

Columns as in the specification and the deployment scripts 1.2 to 1.4 of Data to Insight
(github.com/data-to-insight/ssd-data-model, MIT): data/objects and analysis/ddl_reference.
"""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """One table: its columns that are read, and what they become.

    need: columns without which it cannot be used; the first is its sign. may: further ones.
    makes: tables of rows. unless: a column that makes it another table.
    """

    name: str
    need: tuple[str, ...]
    may: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    unless: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read."""
        return self.need + self.may


# Names that a column has had in earlier versions, or beside the specification.
ALIASES = {
    "clae_cla_episode_ceased": "clae_cla_episode_ceased_date",
    "involvement_history_json": "pers_involvement_history_json",
    "invo_involvement_history_json": "pers_involvement_history_json",
}
HISTORY_COLUMN = "pers_involvement_history_json"

DEPARTMENT = Table(
    "ssd_department",
    ("dept_team_id", "dept_team_name"),
    ("dept_team_parent_id",),
    ("services", "parents"),
)
PROFESSIONALS = Table(
    "ssd_professionals",
    ("prof_professional_id",),
    (
        "prof_professional_name",
        "prof_social_worker_registration_no",
        "prof_professional_job_title",
        "prof_professional_department",
    ),
    ("practitioners",),
)
LINKS = Table(
    "ssd_linked_identifiers",
    ("link_identifier_value", "link_identifier_type", "link_person_id"),
    ("link_valid_from_date", "link_valid_to_date"),
    ("children",),
)
PERSON = Table(
    "ssd_person",
    ("pers_person_id", "pers_dob"),
    (
        "pers_expected_dob",
        "pers_forename",
        "pers_surname",
        "pers_sex",
        "pers_common_child_id",
        "pers_single_unique_id",
        "pers_upn",
        HISTORY_COLUMN,
    ),
    ("children",),
)
HISTORY = Table(
    "an involvement history",
    (HISTORY_COLUMN,),
    ("pers_person_id", "invo_person_id"),
    ("involvements", "allocations"),
    unless="pers_dob",
)
INVOLVEMENTS = Table(
    "ssd_involvements",
    (
        "invo_involvements_id",
        "invo_person_id",
        "invo_involvement_start_date",
        "invo_involvement_end_date",
    ),
    (
        "invo_professional_id",
        "invo_professional_role_id",
        "invo_professional_team",
        "invo_worker_change_reason",
    ),
    ("involvements", "allocations"),
)
EARLY_HELP = Table(
    "ssd_early_help_episodes",
    ("earl_episode_id", "earl_person_id", "earl_episode_start_date", "earl_episode_end_date"),
    ("earl_episode_organisation", "earl_episode_worker_id"),
    ("involvements", "allocations"),
)
CIN = Table(
    "ssd_cin_episodes",
    ("cine_referral_id", "cine_person_id", "cine_referral_date", "cine_close_date"),
    (
        "cine_referral_nfa",
        "cine_referral_source_code",
        "cine_close_reason",
        "cine_referral_team",
        "cine_referral_worker_id",
    ),
    ("involvements", "allocations", "pointers"),
)
CP = Table(
    "ssd_cp_plans",
    ("cppl_cp_plan_id", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    ("cppl_cp_plan_ola",),
    ("involvements", "pointers"),
)
CLA = Table(
    "ssd_cla_episodes",
    (
        "clae_cla_episode_id",
        "clae_person_id",
        "clae_cla_episode_start_date",
        "clae_cla_episode_ceased_date",
    ),
    ("clae_cla_id", "clae_entered_care_date", "clae_cla_episode_ceased_reason"),
    ("involvements", "pointers"),
)
TABLES = (
    DEPARTMENT,
    PROFESSIONALS,
    LINKS,
    INVOLVEMENTS,
    HISTORY,
    PERSON,
    EARLY_HELP,
    CIN,
    CP,
    CLA,
)
TEAM_COLUMNS = ("prof_professional_department", "invo_professional_team", "cine_referral_team")

# Of the tables that are left unread: what their columns begin with.
_UNREAD = frozenset((
    "addr", "cin", "cina", "cinf", "cinp", "cinv", "clac", "clah", "clai", "clap", "clar", "clas",
    "clav", "clea", "cont", "cppr", "cppv", "csdq", "disa", "ehca", "ehcn", "ehcp", "ehcr", "fami",
    "icpc", "immi", "lacp", "lapp", "lega", "miss", "moth", "perm", "prep", "s251", "s47e", "send",
    "senn", "voch",
))  # fmt: skip

# Rows of a table are complete only where every table that makes them is there.
_MADE_OF = {
    "children": (PERSON,),
    "services": (DEPARTMENT, PROFESSIONALS, INVOLVEMENTS, EARLY_HELP, CIN, CP, CLA),
    "practitioners": (PROFESSIONALS,),
    "parents": (DEPARTMENT,),
    "involvements": (INVOLVEMENTS, EARLY_HELP, CIN, CP, CLA),
    "allocations": (INVOLVEMENTS, EARLY_HELP, CIN),
    "pointers": (CIN, CP, CLA),
}


def plain(header: str) -> str:
    """A header as the specification has it."""
    name = header.strip().casefold()
    return ALIASES.get(name, name)


def table_of(headers: Collection[str]) -> Table | None:
    """Find the table that has these columns; None where it is none of those that are read."""
    for table in TABLES:
        if table.need[0] in headers and (not table.unless or table.unless not in headers):
            return table
    return None


def left_unread(headers: Collection[str]) -> bool:
    """True where these are columns of a table that is left unread."""
    return 2 * sum(header.partition("_")[0] in _UNREAD for header in headers) > len(headers)


def complete(held: Collection[Table]) -> tuple[str, ...]:
    """The tables of rows that an extract with these tables holds in full."""
    return tuple(name for name, need in _MADE_OF.items() if set(need) <= set(held))


def absent(held: Collection[Table]) -> list[Table]:
    """The tables that are read and that an extract with these ones lacks."""
    return [table for table in TABLES if table not in held and table is not HISTORY]
