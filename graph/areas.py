"""The authority that a question names, by its number or as people write it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from graph.authorities import AuthorityRecord, authorities, authority_of, successors_of


def _number(text: str) -> str:
    found = authority_of(text)
    if found is None:
        raise ValueError("is not one that is known; give its number or its name, as 383 or Leeds")
    return found.number


NamedAuthority = Annotated[
    str,
    Field(max_length=100, description="an authority's number or name, as 383 or Leeds"),
    AfterValidator(_number),
]


def asked_for(number: str) -> list[AuthorityRecord]:
    """The authority of that number, and all that came after it."""
    return [authorities()[one] for one in successors_of(number)]


def in_force(numbers: Sequence[str], day: date) -> list[AuthorityRecord]:
    """Those of these authorities that there are on `day`."""
    found = [authorities()[number] for number in numbers]
    return [record for record in found if record.period.holds(day)]
