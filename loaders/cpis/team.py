"""The authority that holds a plan, and its two telephones, as a CareTeam says them."""

import re
from typing import Any

from graph import AuthorityRecord, authority_of
from loaders.cpis.plans import Plan
from loaders.fhir.values import every, text
from loaders.telephones import telephone

_CODE = re.compile(r"^[A-Z0-9]{2,8} +- +")
_LAST = 1_000


def authority_of_team(plan: Plan) -> AuthorityRecord | None:
    """Find the authority by the name of the team, as "SFD1 - SHEFFIELD CITY COUNCIL".

    A team that is not in the file has its name in the plan's reference. Return it; None for another.
    """
    named = text(plan.team and plan.team.data, "name")
    names = [named] if named else [text(one, "display") for one in every(plan.at.data, "careTeam")]
    for name in names:
        if found := authority_of(name) or authority_of(_CODE.sub("", name)):
            return found
    return None


def lines_of(plan: Plan, odd: dict[str, str]) -> tuple[str | None, str | None]:
    """Read the telephones: in office hours the use is work, out of them mobile.

    So says the data mapping of the CP-IS FHIR API (NHS England, consumer guide). Where no use is said,
    the first by rank is for office hours. Return both; what cannot be used goes to `odd`.
    """
    phones = [
        one
        for one in every(plan.team and plan.team.data, "telecom")
        if text(one, "system") in ("phone", "") and text(one, "use") != "old"
    ]
    phones.sort(key=_rank)
    duty = _take(phones, "work", "mobile")
    return _read(duty, odd), _read(_take(phones, "mobile"), odd)


def _take(phones: list[Any], use: str, other: str | None = None) -> Any:
    """Take out the first of a use, or else the first that is not for the other."""
    for one in phones:
        if text(one, "use") == use:
            phones.remove(one)
            return one
    free = [one for one in phones if text(one, "use") != other]
    if free:
        phones.remove(free[0])
    return free[0] if free else None


def _rank(one: Any) -> int:
    rank = text(one, "rank")
    return int(rank) if re.fullmatch(r"[0-9]{1,3}", rank) else _LAST


def _read(one: Any, odd: dict[str, str]) -> str | None:
    said = text(one, "value")
    found = telephone(said)
    if said and not found:
        odd["telecom"] = "is not a UK telephone number; the service is taken without it"
    return found
