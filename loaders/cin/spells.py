"""The spells of one child in the census: a case, its assessments, enquiries and protection plans."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from graph import Period, PointerKind
from loaders.cells import code, yes
from loaders.cin.tree import ASSESSMENT, CASE, ENQUIRY, PLAN, POINTS, Shape
from loaders.cin.values import Values, day
from loaders.days import between
from loaders.xml_text import Element

# A conference is due 15 working days after the strategy discussion (Working Together, 2023).
_CONFERENCE = timedelta(days=21)


@dataclass(frozen=True)
class Point:
    """Another authority that a case points to, on a day; None where the day cannot be read."""

    code: str
    kind: PointerKind
    day: date | None


@dataclass
class Spell:
    """One dated element.

    exact: False where `end` is the latest day it can be. number: among those of the child of the same
    kind and start. event: True for a referral without further action, which is not taken.
    """

    shape: Shape
    line: int
    said: Values
    start: date | None
    end: date | None
    exact: bool = True
    event: bool = False
    number: int = 1
    points: list[Point] = field(default_factory=list)

    @property
    def period(self) -> Period:
        """From when to when."""
        return between(self.start, self.end, self.exact)

    def record(self, mark: str, child: str) -> str | None:
        """The record id of what it becomes, as CIN:1234:2026-03-04; None where it has no start."""
        repeat = f"#{self.number}" if self.number > 1 else ""
        return f"{mark}:{child}:{self.start}{repeat}" if self.start else None


def spells(child: Element) -> list[Spell]:
    """Read every spell of a Child, numbered."""
    found = [spell for details in child.all(CASE.element) for spell in _of_case(details)]
    alike: dict[tuple[str, date | None], list[Spell]] = defaultdict(list)
    for spell in found:
        if not spell.event:
            alike[spell.shape.mark, spell.start].append(spell)
    for group in alike.values():
        for number, spell in enumerate(sorted(group, key=lambda one: one.end or date.max), 1):
            spell.number = number
    return found


def _of_case(details: Element) -> Iterator[Spell]:
    case = _spell(CASE, details)
    parts = [
        _part(shape, part, case)
        for shape in (ASSESSMENT, ENQUIRY, PLAN)
        for part in details.all(shape.element)
    ]
    case.event = bool(case.said.take("ReferralNFA", yes))
    if case.event:
        case.said.wrong.clear()
        if parts:
            case.said.odd["ReferralNFA"] = "is true, though work followed; the work alone is taken"
    else:
        case.points = list(_points(case))
    yield case
    yield from parts


def _spell(shape: Shape, element: Element) -> Spell:
    said = Values([element])
    start, end = said.take(shape.start, day), said.take(shape.end, day)
    if start is None:
        said.wrong.setdefault(shape.start, "is missing")
    elif end and end < start:
        said.wrong[shape.end] = f"is before {shape.start}"
        end = None
    return Spell(shape, element.line, said, start, end)


def _part(shape: Shape, element: Element, case: Spell) -> Spell:
    """A spell within a case; one that has no end of its own ends with the case at the latest."""
    spell = _spell(shape, element)
    latest = case.end
    if shape is ENQUIRY and spell.said.take("ICPCnotRequired", yes) and spell.start:
        due = spell.start + min(_CONFERENCE, date.max - spell.start)
        latest = min(due, case.end or due)
    if spell.end or not spell.start or not latest or shape.end in spell.said.wrong:
        return spell
    if shape is PLAN:
        spell.said.odd[shape.end] = f"is missing, though {CASE.end} is there; the plan is open"
    else:
        spell.end, spell.exact = max(latest, spell.start), False
    return spell


def _points(case: Spell) -> Iterator[Point]:
    for name, on in (("ReferralSource", case.start), ("ReasonForClosure", case.end)):
        for found in POINTS[name].keys() & {*map(code, case.said.texts(name))}:
            if on is None and name == "ReasonForClosure" and CASE.end not in case.said.wrong:
                case.said.odd[name] = f"says a transfer, but {CASE.end} is missing; it is not taken"
            else:
                yield Point(found, POINTS[name][found], on)
