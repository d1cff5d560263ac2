"""Who may sign in at a demo, and which made-up children to try: read from people.json."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from graph import BadSetting, Model, NewUser


class Person(NewUser):
    """Somebody who can sign in; `sentence` says what they are."""

    sentence: str


class Example(Model):
    """A made-up child worth trying; `what` says why."""

    nhs_number: str | None = None
    family_name: str | None = None
    given_name: str | None = None
    birth_date: date | None = None
    what: str


def read_people(path: Path) -> tuple[Sequence[Person], Sequence[Example]]:
    """Read people.json: who can sign in, and which children to try.

    Raises BadSetting where the file is missing or is not what `signpost demo` writes.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        people = [Person.model_validate(one) for one in written["people"]]
        return people, [Example.model_validate(one) for one in written["try"]]
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        raise BadSetting(f"{path} is not a list of demo people; make the demo again.") from None
