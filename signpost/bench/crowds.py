"""Made-up people of whom the benches' files tell, the same each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from stdnum.gb import upn

from signpost.demo.names import Names
from signpost.demo.numbers import nhs_numbers, postcode
from signpost.demo.places import FULL, read_areas

CONTENT = "ZZCONTENT"  # stands in every cell that must never be read
BORN = date(2009, 1, 1)
DAYS = 6 * 365  # in which they are born; a fuzz knows their birth dates by these years
WIDE_DAYS = 15 * 365  # in which those of a wide crowd are
NUMBERED = 5  # of so many, all but one have an NHS number


class Person(NamedTuple):
    """One of a crowd; nhs is empty where nobody knows the number."""

    number: int
    given: str
    family: str
    born: date
    sex: str
    nhs: str
    upn: str
    postcode: str

    @property
    def since(self) -> date:
        """When somebody began to work with them."""
        return self.born + timedelta(days=300)


@dataclass(frozen=True)
class Crowd:
    """People of one file. strange: with names that nobody has, so that they are known wherever they are.

    wide: of all ages and from all over England, as a file of very many is; else of three towns.
    """

    count: int
    strange: bool = False
    seed: int = 1
    wide: bool = False

    def __iter__(self) -> Iterator[Person]:
        rng, names = Random(self.seed), Names()  # noqa: S311
        numbers, areas = nhs_numbers(rng), self._areas()
        for n in range(self.count):
            sex = rng.choice("MF")
            given, family = names.full(rng, names.origin(rng), sex)
            nhs = next(numbers)[0]
            yield Person(
                number=n,
                given=self._named(given.text),
                family=self._named(family.text),
                born=BORN + timedelta(days=rng.randrange(WIDE_DAYS if self.wide else DAYS)),
                sex=sex,
                nhs=nhs if n % NUMBERED else "",
                upn=_upn(n),
                postcode=postcode(rng, areas),
            )

    def _areas(self) -> tuple[str, ...]:
        """Where they live, as postcodes begin."""
        if self.wide:
            return tuple(code for area in read_areas(FULL) for code in area.postcodes)
        return ("ZZ",) if self.strange else ("LS", "WF", "BD")

    @property
    def teams(self) -> int:
        """How many teams there are."""
        return max(4, min(50, self.count // 50))

    @property
    def workers(self) -> int:
        """How many people work in them."""
        return 4 * self.teams

    @property
    def team(self) -> str:
        """What the name of each team begins with."""
        return self._named("Team")

    @property
    def worker(self) -> str:
        """What each worker is called."""
        return f"{self._named('Amina')} {self._named('Yusuf')}"

    def _named(self, name: str) -> str:
        return f"Zz{name.lower()}" if self.strange else name


def _upn(serial: int) -> str:
    digits = f"3839{serial // 1000 % 1000:03}{serial // 1_000_000:02}{serial % 1000:03}"
    return upn.calc_check_digit(digits) + digits
