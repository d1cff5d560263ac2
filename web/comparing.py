"""What a source says of a child beside what was typed, or beside another source, field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph import FoundChild, Identity, Known, Pair
from web.finding import LABELS
from web.words import day, first_up, nhs, sex

_NEAR = ("Close", "yellow")
_MARKS = {"the same": ("Same", "green"), "different": ("Different", "red")}
# Fields of an identity, and what Signpost calls them where it compares.
_COMPARED = {
    "family_name": "family name",
    "given_name": "given name",
    "birth_date": "birth date",
    "sex": "sex",
    "postcode": "postcode",
    "nhs_number": "NHS number",
    "upn": "UPN",
}
_ALL = {
    "family_name": "Family name",
    "given_name": "Given name",
    "former_names": "Former family names",
    "birth_date": "Birth date",
    "expected_date": "Expected date of birth",
    "sex": "Sex",
    "postcode": "Postcode",
    "nhs_number": "NHS number",
    "upn": "UPN",
}


@dataclass(frozen=True)
class Agreement:
    """How two details agree: in one word, with its colour, and how where that word is not enough."""

    mark: str
    colour: str
    words: str = ""

    @classmethod
    def of(cls, said: str | None) -> "Agreement | None":
        """The agreement that Signpost said in words; None where the two were not compared."""
        if said is None or said in _MARKS:
            return cls(*_MARKS[said]) if said else None
        return cls(*_NEAR, said)


@dataclass(frozen=True)
class Detail:
    """A detail that was typed: what the record says, empty where it is not shown, and how it agrees."""

    label: str
    value: str
    agreement: Agreement | None


@dataclass(frozen=True)
class Side:
    """Something that is said of one side of a pair, and the sources that say so."""

    value: str
    sources: Sequence[str]


@dataclass(frozen=True)
class Row:
    """A field of a pair: what is said on either side, and how the two agree."""

    label: str
    one: Sequence[Side]
    other: Sequence[Side]
    agreement: Agreement | None


def details(child: FoundChild, asked: Sequence[str]) -> list[Detail]:
    """The details that were typed, beside what the record of a possible match says."""
    reasons = {reason.field: reason.agreement for reason in child.reasons}
    found = [Detail("Names", "", Agreement.of(reasons["names"]))] if "names" in reasons else []
    for name in LABELS:
        if name in asked and name in _COMPARED:
            agreement = Agreement.of(reasons.get(_COMPARED[name]))
            found.append(Detail(_label(name), _shown(child.identity, name), agreement))
    if "former_name" in asked:
        # A family name agrees by the best of all that the child has or had.
        alone = "family_name" not in asked
        label = "Family name, now or before" if alone else _ALL["former_names"]
        said = Agreement.of(reasons.get("family name")) if alone else None
        found.append(Detail(label, _value(child.identity, "former_names"), said))
    return found


def _shown(identity: Identity | None, name: str) -> str:
    """A detail that was typed; where a child is not born yet, when it is expected."""
    expected = _value(identity, "expected_date") if name == "birth_date" else ""
    return _value(identity, name) or (f"expected {expected}" if expected else "")


def _label(name: str) -> str:
    return "Postcode sector" if name == "postcode" else first_up(_COMPARED[name])


def rows(pair: Pair) -> list[Row]:
    """The fields of which either side says something."""
    said = {one.field: one.agreement for one in pair.compared}
    made = [
        Row(
            label,
            _sides(pair.one, name),
            _sides(pair.other, name),
            Agreement.of(said.get(_COMPARED.get(name, ""))),
        )
        for name, label in _ALL.items()
    ]
    shown = [row for row in made if row.one or row.other]
    near = Agreement.of("the same postcode sector")
    return [replace(row, agreement=near) if _same_sector(row) else row for row in shown]


def unsaid(pair: Pair) -> list[str]:
    """The fields of which neither side says anything."""
    there = {row.label for row in rows(pair)}
    return [label for label in _ALL.values() if label not in there]


def _same_sector(row: Row) -> bool:
    """True where whole postcodes differ although their sectors, which are compared, are the same."""
    values = [{side.value for side in sides} for sides in (row.one, row.other)]
    same = row.agreement is not None and row.agreement.mark == "Same"
    return row.label == _ALL["postcode"] and same and not values[0] & values[1]


def _sides(known: Sequence[Known], name: str) -> list[Side]:
    sources: dict[str, list[str]] = {}
    for one in known:
        sources.setdefault(_value(one.identity, name), []).append(one.source)
    return [Side(value, list(dict.fromkeys(by))) for value, by in sources.items() if value]


def _value(identity: Identity | None, name: str) -> str:
    """A field as people read it; empty where it is not known or not shown."""
    value = getattr(identity, name, None)
    write: Mapping[str, Any] = {
        "birth_date": day,
        "expected_date": day,
        "nhs_number": nhs,
        "sex": lambda one: "" if one.value == "U" else sex(one),
        "former_names": ", ".join,
    }
    return write.get(name, str)(value) if value else ""
