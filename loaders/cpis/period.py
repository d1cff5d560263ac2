"""From when to when a plan of CP-IS runs; what its own resource does not say, its flag may."""

from datetime import date, datetime

from graph import Period
from loaders.cpis.plans import Plan
from loaders.days import between
from loaders.fhir.values import first_day, last_day, moment, text

_OVER = {"completed", "revoked", "inactive"}


def start_of(
    plan: Plan, extracted: date, wrong: dict[str, str], odd: dict[str, str]
) -> date | None:
    """Read the first day of a plan; what is wrong or odd goes to `wrong` and `odd`."""
    try:
        start, known = first_day(plan.said("period", "start"))
    except ValueError as error:
        wrong["period.start"] = str(error)
        return None
    if not known:
        odd["period.start"] = "is a month or a year; the plan is taken without its start"
    elif start and start > extracted:
        odd["period.start"] = "is after the date of the extract; the plan is taken"
    return start


def period_of(plan: Plan, start: date | None, wrong: dict[str, str]) -> Period:
    """Make the period; a plan that is over without an end ended when it was last changed.

    Return it, from the start on where the end cannot be used, and `wrong` says why.
    """
    end, exact = None, True
    try:
        end, exact = last_day(plan.said("period", "end"))
    except ValueError as error:
        wrong["period.end"] = str(error)
    if not end and _is_over(plan) and "period.end" not in wrong:
        changed = changed_at(plan)
        end, exact = (changed.date() if changed.year > 1 else None), False
        if not end:
            wrong["period.end"] = "is missing, and the plan is said to be over"
    if start and end and end < start:
        wrong["period.end"] = "is before the start"
        end, exact = None, True
    return between(start, end, exact)


def changed_at(plan: Plan) -> datetime:
    """When the plan or a flag of it was last changed; long ago where it is not said."""
    return max(moment(text(one.data, "meta", "lastUpdated")) for one in (plan.at, *plan.flags))


def _is_over(plan: Plan) -> bool:
    return any(text(one.data, "status") in _OVER for one in (plan.at, *plan.flags))
