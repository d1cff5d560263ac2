"""The child of a plan: by NHS number, from the Patient or from a reference that names it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from graph import Identity, InvolvementKind, PersonName
from loaders import cells
from loaders.cells import record_id
from loaders.cpis.plans import VERIFIED, Plan
from loaders.fhir import Resource
from loaders.fhir.references import Index
from loaders.fhir.values import every, extensions, last_day, tail, text
from loaders.identities import child_name, of_identity

# v3-Confidentiality (HL7): restricted, very restricted.
_RESTRICTED = {"R", "V"}
_FORMER = ("old", "maiden")
_USES = {"usual": 0, "official": 1}
_NAME = TypeAdapter(PersonName)


@dataclass
class Child:
    """Who a child is: the record is None where that cannot be told, and `wrong` says why."""

    record: str | None = None
    identity: Identity = field(default_factory=Identity)
    shielded: bool = False
    wrong: str = ""
    odd: dict[str, str] = field(default_factory=dict)


def child_of(plan: Plan, index: Index, extracted: date) -> Child:
    """Read the child of a plan.

    index: of the resources of its Bundle. extracted: the day of the extract.
    Return who it is.
    """
    patient = _patient(plan, index)
    sources = [*plan.all, *([patient] if patient else [])]
    found = Child(shielded=any(map(_is_restricted, sources)))
    said = list(dict.fromkeys(_numbers(plan, patient, found)))
    identity = _identity(patient, found, extracted)
    if not all(map(_number, said)):
        found.wrong = "is not a valid NHS number (ten digits, the last a check digit)"
    elif len(numbers := {_number(one) for one in said}) > 1:
        found.wrong = "is said to have two NHS numbers"
    elif numbers:
        found.record = numbers.pop()
        found.identity = _numbered(identity, found.record, plan.kind)
    elif patient and _is_enough(identity, plan.kind):
        found.identity = identity
        _name_by_id(text(patient.data, "id"), found)
    else:
        found.wrong = found.odd.get("identifier") or _UNKNOWN[patient is not None]
    return found


_UNKNOWN = {
    True: "cannot be known: there is no NHS number, and no name with a whole date of birth",
    False: "points to no patient that is in the file, or to two, and gives no NHS number",
}


def _name_by_id(said: str, found: Child) -> None:
    try:
        found.record = record_id(said)
    except ValueError as error:
        found.wrong = f"has no id to know it by: it {error}" if said else "has no id"


def _numbered(identity: Identity, number: str | None, kind: InvolvementKind) -> Identity:
    """With an unborn child's plan CP-IS has the number of the mother, of whom no more is kept."""
    if kind is InvolvementKind.UNBORN_PROTECTION:
        return Identity(nhs_number=number)
    return identity.model_copy(update={"nhs_number": number})


def _is_enough(identity: Identity, kind: InvolvementKind) -> bool:
    """True where a child can be known without a number; a born patient is not the unborn child."""
    unborn = kind is InvolvementKind.UNBORN_PROTECTION
    born = None if unborn else identity.birth_date
    return bool(identity.family_name and (born or identity.expected_date))


def _patient(plan: Plan, index: Index) -> Resource | None:
    for subject in plan.subjects:
        if found := index.find("Patient", text(subject, "reference"), plan.at):
            return found
    return None


def _is_restricted(one: Resource) -> bool:
    codes = {text(said, "code").upper() for said in every(one.data, "meta", "security")}
    return not codes.isdisjoint(_RESTRICTED)


def _numbers(plan: Plan, patient: Resource | None, found: Child) -> Iterator[str]:
    """The NHS numbers that are given; where there is none, the ids that are one, as in the PDS."""
    said = every(plan.subjects, "identifier") + every(patient and patient.data, "identifier")
    given = [one for one in said if text(one, "system").casefold().endswith("nhs-number")]
    sure = [one for one in given if _is_verified(one)]
    if len(sure) < len(given):
        found.odd["identifier"] = "is an NHS number that is not verified, and not taken"
    if given:
        yield from (text(one, "value") for one in sure)
        return
    ids = [text(patient and patient.data, "id")]
    ids += [tail(text(subject, "reference")) for subject in plan.subjects]
    yield from (one for one in ids if _number(one))


def _is_verified(identifier: Any) -> bool:
    said = extensions(identifier, "NHSNumberVerificationStatus")
    code = text(said, "valueCodeableConcept", "coding", "code")
    return not said or code in VERIFIED


def _number(said: str) -> str | None:
    with suppress(ValueError):
        return of_identity("nhs_number", said)


def _identity(patient: Resource | None, found: Child, extracted: date) -> Identity:
    """What the Patient says beside the number; what cannot be used is odd."""
    if patient is None:
        return Identity()
    data = patient.data
    names = sorted(every(data, "name"), key=lambda name: _USES.get(text(name, "use"), 2))
    former = [name for name in names if _is_former(name, extracted)]
    now = next((name for name in names if name not in former), None)
    before = (_name(text(name, "family"), found) for name in former)
    return Identity(
        family_name=_name(text(now, "family"), found),
        given_name=_name(text(now, "given"), found),
        former_names=tuple(dict.fromkeys(name for name in before if name)),
        sex=cells.sex(text(data, "gender")),
        birth_date=_born(text(data, "birthDate"), found),
    ).as_of(extracted)


def _is_former(name: Any, extracted: date) -> bool:
    if text(name, "use") in _FORMER:
        return True
    try:
        end, _ = last_day(text(name, "period", "end"))
    except ValueError:
        return False
    return end is not None and end < extracted


def _name(said: str, found: Child) -> str | None:
    try:
        return _NAME.validate_python(child_name(said)) if said else None
    except ValidationError:
        found.odd["name"] = "is not a name; the child is taken without it"
        return None


def _born(said: str, found: Child) -> date | None:
    """The day of birth; FHIR allows a month or a year, which match nobody."""
    try:
        day, exact = last_day(said)
        if day and not exact:
            raise ValueError("is a month or a year, and not a day")
        return day and of_identity("birth_date", day)
    except ValueError as error:
        found.odd["birthDate"] = f"{error}; the child is taken without it"
        return None
