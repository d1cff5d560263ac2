"""The plans of CP-IS in a Bundle: a CarePlan with its Flag and CareTeam, or a CareTeam that says all.

The three kinds: ValueSet England-ChildProtectionPlan (NHS England, SNOMED CT). The CareTeam alone is what
the CP-IS FHIR API (R4) answers.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graph import InvolvementKind
from loaders.fhir import Resource
from loaders.fhir.references import Index
from loaders.fhir.values import every, extensions, tail, text

PLANS = {
    "342191000000101": InvolvementKind.CHILD_PROTECTION,
    "818901000000100": InvolvementKind.UNBORN_PROTECTION,
    "764841000000100": InvolvementKind.LOOKED_AFTER,
}
# England-FlagCategoryPatient, and its earlier draft PatientFlagCategory.
FLAGS = ("child-protection-information-system-flag", "CP-IS")
VERIFIED = ("01", "number-present-and-verified")
NOT_VERIFIED = tuple(f"0{number}" for number in range(2, 9))
KEPT = {
    "Bundle": ("entry", "meta"),
    "entry": ("fullUrl", "resource"),
    "resource": ("Bundle", "Flag", "CarePlan", "CareTeam", "Patient"),
    "contained": ("CarePlan", "CareTeam", "Patient"),
    "Flag": (
        *("id", "meta", "contained", "extension", "status"),
        *("category", "code", "subject", "period"),
    ),
    "CarePlan": (
        *("id", "meta", "contained", "status", "category", "subject", "period", "careTeam"),
    ),
    "CareTeam": (
        *("id", "meta", "contained", "status", "category", "name", "subject", "period", "telecom"),
    ),
    "Patient": ("id", "meta", "identifier", "name", "gender", "birthDate"),
    "meta": ("lastUpdated", "security", "tag"),
    "security": ("code",),
    "tag": ("code",),
    "extension": ("url", "valueReference", "valueCodeableConcept"),
    "valueReference": ("reference",),
    "valueCodeableConcept": ("coding",),
    "category": ("coding",),
    "code": ("coding",),
    "coding": ("code",),
    "subject": ("reference", "identifier"),
    "identifier": ("system", "value", "extension"),
    "period": ("start", "end"),
    "careTeam": ("reference", "display"),
    "telecom": ("system", "value", "use", "rank"),
    "name": ("use", "family", "given", "period"),
}
_CODES = {*PLANS, *FLAGS, *VERIFIED, *NOT_VERIFIED}
_EXTENSIONS = ("detail", "NHSNumberVerificationStatus")


@dataclass(frozen=True)
class Plan:
    """A plan: the resource that says it, the flags that point to it, and the team that holds it."""

    at: Resource
    kind: InvolvementKind
    flags: tuple[Resource, ...] = ()
    team: Resource | None = None

    @property
    def all(self) -> list[Resource]:
        """The resources that say something of the plan itself."""
        return [self.at, *self.flags, *([self.team] if self.team else [])]

    def said(self, *path: str) -> str:
        """What the plan says at the end of a path, or else a flag of it."""
        return next((said for one in (self.at, *self.flags) if (said := text(one.data, *path))), "")

    @property
    def subjects(self) -> list[Any]:
        """The patient, as the plan and its flags name them."""
        return [who for one in (self.at, *self.flags) for who in every(one.data, "subject")]


@dataclass
class Plans:
    """What a group of resources says: plans, orphans with what is wrong, and how many are not of CP-IS."""

    found: list[Plan] = field(default_factory=list)
    orphans: list[tuple[Resource, str, str]] = field(default_factory=list)
    strangers: int = 0


def ours(group: Sequence[Resource], around: Sequence[Resource] = ()) -> list[Resource]:
    """The resources of one Bundle without the codes and extensions that are not of CP-IS.

    around: the Bundles in which it stands. What restricts it, or one of them, restricts each of its own.
    """
    bundles = [*around, *(one for one in group if one.kind == "Bundle")]
    over = [code for one in bundles for code in _security(one.data)]
    return [replace(one, data=_restricted(_ours(one.data), over)) for one in group]


def plans(resources: Sequence[Resource], index: Index) -> Plans:
    """Put the plans of a Bundle together.

    resources: all of it. index: of them. Return the plans, and what does not belong to any.
    """
    result = Plans()
    by_kind: dict[str, list[Resource]] = {"CarePlan": [], "CareTeam": [], "Flag": []}
    for one in resources:
        by_kind.get(one.kind, []).append(one)
    flags = _flags(by_kind, index, result)
    for at in by_kind["CarePlan"]:
        _add(result, at, flags, _team(at, index))
    held = {id(plan.team) for plan in result.found}
    for at in by_kind["CareTeam"]:
        if id(at) not in held and every(at.data, "category"):
            _add(result, at, flags, at)
    return result


def _add(
    result: Plans, at: Resource, flags: Mapping[int, list[Resource]], team: Resource | None
) -> None:
    codes = (text(one, "code") for one in every(at.data, "category", "coding"))
    kind = next((PLANS[code] for code in codes if code in PLANS), None)
    if kind:
        result.found.append(Plan(at, kind, tuple(flags.get(id(at), ())), team))
    elif id(at) in flags:
        result.orphans.append((at, "category", "is none of the three kinds of plan of CP-IS"))
    else:
        result.strangers += 1


def _flags(
    by_kind: Mapping[str, list[Resource]], index: Index, result: Plans
) -> dict[int, list[Resource]]:
    """The flags of CP-IS, by the resource to which they point."""
    found: dict[int, list[Resource]] = defaultdict(list)
    for flag in by_kind["Flag"]:
        codes = every(flag.data, "code", "coding") + every(flag.data, "category", "coding")
        if {text(one, "code") for one in codes}.isdisjoint(FLAGS):
            result.strangers += 1
        elif plan := _detail(flag, index) or _of_same(flag, by_kind["CarePlan"], index):
            found[id(plan)].append(flag)
        else:
            result.orphans.append((flag, "extension", "points to no plan that is in the file"))
    return found


def _of_same(flag: Resource, found: list[Resource], index: Index) -> Resource | None:
    """The one plan of the flag's patient, where there is no other."""
    who = _whom(flag, index)
    same = [one for one in found if _whom(one, index) == who]
    return same[0] if who and len(same) == 1 else None


def _whom(one: Resource, index: Index) -> Any:
    """What its patient says, or where none is found, how it names them."""
    said = text(one.data, "subject", "reference")
    patient = index.find("Patient", said, one) if said else None
    return patient.data if patient else said.casefold()


def _detail(flag: Resource, index: Index) -> Resource | None:
    reference = text(extensions(flag.data, "detail"), "valueReference", "reference")
    kinds = ("CarePlan", "CareTeam") if reference else ()
    return next((one for kind in kinds if (one := index.find(kind, reference, flag))), None)


def _team(plan: Resource, index: Index) -> Resource | None:
    for reference in every(plan.data, "careTeam"):
        if team := index.find("CareTeam", text(reference, "reference"), plan):
            return team
    return None


def _security(data: Any) -> list[Any]:
    return every(data, "meta", "security")


def _restricted(data: Any, over: list[Any]) -> Any:
    if not over:
        return data
    meta = next((one for one in every(data, "meta") if isinstance(one, dict)), {})
    return {**data, "meta": {**meta, "security": [*_security(data), *over]}}


def _ours(value: Any) -> Any:
    if isinstance(value, list):
        return [_ours(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _ours(_known(key, one)) for key, one in value.items()}


def _known(key: str, value: Any) -> Any:
    every_one = value if isinstance(value, list) else [value]
    if key == "coding":
        return [one for one in every_one if text(one, "code") in _CODES]
    if key == "extension":
        wanted = {name.casefold() for name in _EXTENSIONS}
        return [one for one in every_one if _last(text(one, "url")) in wanted]
    return value


def _last(url: str) -> str:
    return tail(url).removesuffix("-1").rpartition("-")[2].casefold()
