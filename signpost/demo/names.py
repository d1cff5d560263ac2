"""Names of many origins, each with the spellings in which people meet it (names.csv)."""

import csv
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
SHARES = {
    "english": 44,
    "welsh scottish irish": 8,
    "south asian muslim": 13,
    "punjabi gujarati tamil": 5,
    "west african": 6,
    "east african": 4,
    "arabic": 3,
    "polish": 4,
    "romanian roma": 3,
    "ukrainian lithuanian": 2,
    "caribbean": 4,
    "chinese vietnamese": 2,
    "turkish kurdish": 2,
    "traveller": 1,
}
MIXED = 0.08  # children whose two names are of two origins
DOUBLE = 0.05  # children with two family names
STROKES = str.maketrans("łđøŁĐØı", "ldoLDOi")


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the other ways in which it is written."""

    text: str
    spellings: tuple[str, ...] = ()


class Names:
    """The lists of names.csv, by origin and part."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, str], list[Name]] = defaultdict(list)
        with (HERE / "names.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                name = Name(row["name"], tuple(filter(None, row["spellings"].split(";"))))
                for part in _parts(row["part"]):
                    self._lists[row["origin"], part].append(name)

    def origin(self, rng: Random) -> str:
        """Choose one by its share of the children."""
        return rng.choices(list(SHARES), list(SHARES.values()))[0]

    def family(self, rng: Random, origin: str, sex: str) -> Name:
        """Choose a family name; of some origins a woman's differs from a man's."""
        name = rng.choice(self._lists[origin, f"family {_word(sex)}"])
        if " " in name.text or rng.random() >= DOUBLE:
            return name
        other = rng.choice(self._lists[self.origin(rng), f"family {_word(sex)}"])
        if other.text == name.text:
            return name
        both = f"{name.text}-{other.text}"
        return Name(both, (both.replace("-", " "), name.text, other.text))

    def given(self, rng: Random, origin: str, sex: str) -> Name:
        """Choose a given name."""
        return rng.choice(self._lists[origin, _word(sex)])

    def full(self, rng: Random, origin: str, sex: str) -> tuple[Name, Name]:
        """Choose a given and a family name, both of this origin for most."""
        other = self.origin(rng) if rng.random() < MIXED else origin
        return self.given(rng, origin, sex), self.family(rng, other, sex)


def respell(rng: Random, name: Name) -> str:
    """Write a name otherwise: another spelling, without its marks, or with two letters swapped."""
    choices = [text for text in (*name.spellings, plain(name.text)) if text != name.text]
    if not choices or rng.random() < 0.15:
        return _slip(rng, name.text)
    return rng.choice(choices)


def plain(text: str) -> str:
    """Write a name as an old system does: no accent, no apostrophe, no hyphen."""
    letters = unicodedata.normalize("NFKD", text.translate(STROKES))
    return "".join(c for c in letters if c == " " or (c.isalpha() and not unicodedata.combining(c)))


def _slip(rng: Random, text: str) -> str:
    at = rng.randrange(1, len(text) - 1) if len(text) > 3 else 0
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :] if at else text + text[-1]
    return swapped if swapped != text else text + text[-1]


def _word(sex: str) -> str:
    return "female" if sex == "F" else "male"


def _parts(part: str) -> tuple[str, ...]:
    return ("family male", "family female") if part == "family" else (part,)
