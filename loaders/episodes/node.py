"""One object of a file of episodes: what stands in it, what is wrong with it, and what is odd."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from graph import Fault, Model, Period, explain
from loaders import days
from loaders.cells import words
from loaders.episodes.words import OWN, code

T = TypeVar("T")
M = TypeVar("M", bound=Model)
_MOMENT = days.ISO._replace(example="2026-03-04T09:30:00Z")
# Where workers are registered; a person may have such a number and an id of the source's own.
REGISTER = re.compile(r"registration|gmc|nmc|hcpc|social-?work", re.I)
_NATIONAL = re.compile(r"\b(nhs-number|former-upn|upn|unique-pupil-number)$", re.I)


class Named(NamedTuple):
    """An identifier: the system in which it is one, and its value."""

    system: str
    value: str

    @property
    def nation(self) -> str:
        """Which number of the whole nation it is: nhs-number, upn or former-upn; empty if none."""
        return _nation(self.system)


@lru_cache(maxsize=1_000)
def _nation(system: str) -> str:
    found = _NATIONAL.search(system)
    name = found[1].casefold() if found else ""
    return "upn" if name == "unique-pupil-number" else name


@lru_cache(maxsize=1_000)
def _later(system: str) -> bool:
    return bool(_nation(system) or REGISTER.search(system))


@dataclass
class Node:
    """An object: its file and line, what it says, and sentences by property on what is wrong or odd."""

    file: str
    line: int
    says: Mapping[str, Any]
    wrong: dict[str, str] = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)

    @property
    def classes(self) -> set[str]:
        """The classes that it is of, as Service or ServiceEpisode, without their prefix."""
        return {re.split(r"[#/:]", name)[-1] for name in texts(self.says.get("@type"))}

    def codes(self) -> list[str]:
        """What its `type` says, as codes."""
        return [code(text) for text in texts(self.says.get("type"))]

    def take(self, name: str, read: Callable[[Any], T], spared: bool = False) -> T | None:
        """Read a property.

        read: raises ValueError with a sentence where it cannot be used. spared: then it is odd, and
        the rest is taken. Return what was read; None where it could not be.
        """
        try:
            return read(self.says.get(name))
        except ValueError as error:
            self.note(name, str(error), spared)
            return None

    def note(self, name: str, sentence: str, spared: bool) -> None:
        """Note what is wrong with a property, or odd where it is `spared`."""
        if spared:
            self.odd[name] = f"{sentence}; it is taken without that"
        else:
            self.wrong[name] = sentence

    def build(
        self, kind: type[M], says: dict[str, Any], names: Mapping[str, str], spared: tuple[str, ...]
    ) -> M | None:
        """Make a value of a model.

        names: the property behind each field. spared: fields without which the value still stands.
        Return it; None where something else is wrong.
        """
        try:
            return kind.model_validate(says)
        except ValidationError as error:
            found = explain(error, kind)
        for name, sentence in found:
            self.note(names.get(name, name), sentence, name in spared)
        if any(name not in spared for name, _ in found):
            return None
        left = {name for name, _ in found}
        return kind.model_validate(
            {name: value for name, value in says.items() if name not in left}
        )

    def faults(self, *records: tuple[str, str | None], hides: bool = False) -> Iterator[Fault]:
        """A fault for each property that is wrong, in each table, under the record that it would be."""
        for name, sentence in self.wrong.items():
            for table, record in records:
                yield self._fault(name, sentence, table, record, hides)

    def warnings(self) -> Iterator[Fault]:
        """A warning for each property that is odd."""
        for name, sentence in self.odd.items():
            yield self._fault(name, sentence)

    def _fault(
        self,
        name: str,
        sentence: str,
        table: str = "",
        record: str | None = None,
        hides: bool = False,
    ) -> Fault:
        return Fault(
            file=self.file,
            line=self.line,
            column=name,
            sentence=sentence,
            table=table,
            record=record,
            hides=hides,
        )


def many(value: Any) -> list[Any]:
    """The values of a property, of which JSON-LD writes a single one without its list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def objects(value: Any) -> list[Mapping[str, Any]]:
    """Those of the values that are objects."""
    return [one for one in many(value) if isinstance(one, dict)]


def only_objects(value: Any) -> list[Mapping[str, Any]]:
    """The same. Raise ValueError with a sentence where there is anything else among the values."""
    found = objects(value)
    if len(found) < len(many(value)):
        raise ValueError("holds what is not an object")
    return found


def texts(value: Any) -> list[str]:
    """Those of the values that are texts, with single spaces, empty ones left out."""
    plain = [one.get("@value") if isinstance(one, dict) else one for one in many(value)]
    said = [words(one) for one in plain if isinstance(one, str)]
    return [text for text in said if text]


def text(value: Any) -> str | None:
    """The first of those texts."""
    if isinstance(value, str):
        return words(value) or None
    return next(iter(texts(value)), None)


def named(value: Any) -> list[Named]:
    """The identifiers of a property: the source's own first, each kind in the order of its letters."""
    found = [
        Named(sys.intern(text(one.get("system")) or ""), said)
        for one in objects(value)
        if (said := text(one.get("value")))
    ]
    found += [Named("", one) for one in many(value) if isinstance(one, str) and one.strip()]
    plain = [n._replace(value=re.sub(r"\s", "", n.value)) if n.nation else n for n in found]
    return sorted(plain, key=lambda one: (_later(one.system), one))


def only_named(value: Any) -> list[Named]:
    """The same. Raise ValueError with a sentence where there is none, or anything else among the values."""
    found = named(value)
    if not found or len(found) < len(many(value)):
        raise ValueError("is missing, or holds what is not an identifier")
    return found


def own(one: Mapping[str, Any], name: str) -> Any:
    """What a property of our own says."""
    return one.get(f"{OWN}{name}")


def day(value: Any) -> date | None:
    """Read a date, or a date-time as the day that it is in London; None where there is none."""
    return days.day(text(value), _MOMENT)


def period(since: date | None, until: date | None, exact: bool = True) -> Period:
    """Make a period. Raise ValueError with a sentence where its end is before its start."""
    if since and until and until < since:
        raise ValueError("ends before it starts")
    return days.between(since, until, exact)


def span(one: Mapping[str, Any]) -> Period:
    """The period that properties of our own say. Raise ValueError as `day` and `period` do."""
    since, until = (day(own(one, name)) for name in ("startDate", "endDate"))
    return period(since, until, own(one, "endExact") is not False)
