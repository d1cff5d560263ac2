"""What a cell of the Standard Safeguarding Dataset says: ids, days, roles, job titles, codes.

Readers return None where the cell says nothing, and raise ValueError with a sentence that holds
nothing of the cell.
"""

import re
from datetime import date
from functools import lru_cache

from graph import ChangeReason, Part, Profession
from loaders import days
from loaders.cells import part_of_name, record_id, said
from loaders.word_lists import WordList

# What the scripts write into columns that they cannot fill.
_PLACEHOLDERS = {"ssd_ph", "ssd_sui", "placeholder_data"}


def text(value: object) -> str | None:
    """A cell as text; None for the ways in which systems and scripts write that they do not know."""
    return _filled(said(value))


def name(value: object) -> str | None:
    """A part of a child's name as text; None as in `text`, but Nan and Nil are names."""
    return _filled(part_of_name(value))


def _filled(found: str | None) -> str | None:
    return None if found is None or found.casefold() in _PLACEHOLDERS else found


def ident(value: object) -> str | None:
    """An id; -1 and its like are none, and 12.0 is 12."""
    if isinstance(value, (bool, list, dict)):
        raise ValueError("is not an id")
    return _ident(str("" if value is None else value))


@lru_cache(maxsize=50_000)
def _ident(cell: str) -> str | None:
    found = text(re.sub(r"^\s*(-?\d+)\.0+\s*$", r"\1", cell))
    return record_id(found) if found else None


def day(value: object) -> date | None:
    """A date, as 2026-03-04 or 2026-03-04T09:30:00, with or without a time zone."""
    return _day(str("" if value is None else value))


@lru_cache(maxsize=50_000)
def _day(cell: str) -> date | None:
    return days.day(text(cell), days.ISO)


def code(value: str | None) -> str:
    """The code at the start of a cell, as RC5 of "RC5 - Transferred"; empty where there is none."""
    found = re.match(r"[A-Za-z0-9]+\b", value or "")
    return found[0].upper() if found else ""


def change_reason(value: str) -> ChangeReason:
    """A reason for a change of worker, by its code alone (SSD item INVO004A)."""
    try:
        return ChangeReason(value.upper())
    except ValueError:
        raise ValueError("is not one of the ten codes") from None


# Types of System C's involvements and of Mosaic's relationships stand beside the words.
_PARTS = WordList(
    (r".*\b(co|second(ary)?|joint|support(ing)?|assist\w*|deput\w*)\b.*", Part.CO_WORKER),
    (r"lp|.*\blead (professional|practitioner|worker)\b.*", Part.LEAD_PROFESSIONAL),
    (r"pa|16plus|.*\b(personal advis[eo]r|leaving care)\b.*", Part.PERSONAL_ADVISER),
    (
        r"cw|aw|allwkr|rel\.allwork(cf)?|.*\b(allocated|case ?worker|social worker)\b.*",
        Part.ALLOCATED_WORKER,
    ),
    form=r"^(?:{})$",
)


@lru_cache(maxsize=10_000)
def part_of(role: str | None) -> Part:
    """What a worker is in an involvement; allocated where no role is given, else a co-worker."""
    if role is None:
        return Part.ALLOCATED_WORKER
    return _PARTS.first(role, Part.CO_WORKER)


_PROFESSIONS = WordList(
    (r"health visit", Profession.HEALTH_VISITOR),
    (r"school nurs", Profession.SCHOOL_NURSE),
    (r"midwi", Profession.MIDWIFE),
    (r"nurs(e|es|ing)\b", Profession.NURSE),
    (r"psycholog", Profession.PSYCHOLOGIST),
    (r"gp\b|general practitioner|doctor|p(a|ae)?ediatric|psychiatr", Profession.DOCTOR),
    (r"police|detective", Profession.POLICE_OFFICER),
    (r"education welfare|school attendance", Profession.EDUCATION_WELFARE_OFFICER),
    (r"teacher|head ?teacher|senco?\b", Profession.TEACHER),
    (r"youth (justice|offending)|y(ot|os|jw)\b", Profession.YOUTH_JUSTICE_WORKER),
    (r"personal advis[eo]r|leaving care", Profession.PERSONAL_ADVISER),
    (r"(assistant|student|trainee) social work", Profession.OTHER),
    (r"social worker\b(?! (assistant|student|trainee))", Profession.SOCIAL_WORKER),
    (r"family (support|worker|practitioner)|early help", Profession.FAMILY_WORKER),
    form=r"\b({})",
)
_OUTSIDE = {
    Profession.HEALTH_VISITOR,
    Profession.SCHOOL_NURSE,
    Profession.MIDWIFE,
    Profession.NURSE,
    Profession.DOCTOR,
    Profession.POLICE_OFFICER,
    Profession.TEACHER,
}


@lru_cache(maxsize=10_000)
def profession_of(title: str | None) -> Profession:
    """What a practitioner is by their job title, which is read for nothing else."""
    return _PROFESSIONS.first(title or "", Profession.OTHER)


def is_outside(profession: Profession) -> bool:
    """True for those who work for another agency than an authority's social care."""
    return profession in _OUTSIDE


# System C's types of "key agencies", outside the authority, as KACHV or KASCHO.
_KEY_AGENCY = re.compile(r"KA[A-Z0-9]{1,12}")


@lru_cache(maxsize=10_000)
def role_outside(role: str | None) -> bool:
    """True where a role is one of another agency, as Health Visitor, GP, School or KACHV."""
    if role is None:
        return False
    school = re.search(r"\bschool\b", role, re.I) is not None
    return school or _KEY_AGENCY.fullmatch(role) is not None or is_outside(profession_of(role))
