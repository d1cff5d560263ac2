"""Numbers that belong to nobody: NHS numbers of the 999 range, Ofcom's numbers for drama.

No NHS number that starts with 999 is ever issued; Ofcom keeps the telephone numbers free for radio
and television; no real postcode ends in a C, I, K, M, O or V; registrations begin where none do.
"""

from collections.abc import Iterator
from datetime import date
from random import Random

import nhs_number
from stdnum.gb import upn

MOST = 400_000  # children for whom there are numbers, with room for a twin beside each
PAIRS = 500_000  # 999 is followed by six digits and the check digit
MOBILE = "07700 900"
REGISTERS = {
    "social worker": "SW9{:05}",
    "personal adviser": "",
    "nurse": "99Z{:05}E",
    "health visitor": "99Z{:05}E",
    "school nurse": "99Z{:05}E",
    "midwife": "99Z{:05}E",
    "doctor": "99{:05}",
    "psychologist": "PYL9{:05}",
}


def nhs_numbers(rng: Random) -> Iterator[tuple[str, str]]:
    """Yield pairs of NHS numbers, valid and next to each other; none comes twice."""
    start, step = rng.randrange(PAIRS), 10 * rng.randrange(PAIRS // 20, PAIRS // 10) + 1
    for turn in range(PAIRS):  # a step that shares no factor with PAIRS meets each of them once
        first = 2 * ((start + turn * step) % PAIRS)
        pair = _nhs(first), _nhs(first + 1)
        if pair[0] and pair[1]:
            yield pair[0], pair[1]


def _nhs(serial: int) -> str | None:
    nine = f"999{serial:06}"
    check = nhs_number.calculate_checksum(nine)
    return None if check in (None, 10) else f"{nine}{check}"


def pupil_number(rng: Random, authority: str, year: int) -> str:
    """Make a UPN as a school of this authority would have in this year; its school does not exist."""
    digits = f"{authority}9{rng.randrange(900, 1000)}{year % 100:02}{rng.randrange(1000):03}"
    return upn.calc_check_digit(digits) + digits


def telephone(rng: Random, prefix: str) -> str:
    """Make a number in one of Ofcom's blocks for drama; `prefix` is all but its last three digits."""
    return f"{prefix}{rng.randrange(1000):03}"


def postcode(rng: Random, areas: tuple[str, ...]) -> str:
    """Make a postcode of the right shape, in one of these postcode areas, that is nowhere."""
    area = rng.choice(areas)
    district = rng.randrange(1, 30 if len(area) == 2 else 20)
    return f"{area}{district} {rng.randrange(1, 10)}{rng.choice('ABDEFGHJ')}{rng.choice('CIKMOV')}"


def registration(profession: str, serial: int) -> str:
    """Make a number on the profession's register; empty where it has none."""
    return REGISTERS.get(profession, "").format(serial)


def birthday_swapped(born: date) -> date | None:
    """Read the day as the month and the month as the day; None where that is no other date."""
    if born.day > 12 or born.day == born.month:
        return None
    return date(born.year, born.day, born.month)
