"""Finding a child among many, beside one bare round trip that fetches as many sealed descriptions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from time import perf_counter
from typing import Any, NamedTuple

from graph import Agency, Batch, ChildRow, FindChild, Identity, LawfulBasis, Sex, Source, Viewer
from graph.store import Transaction
from signpost.bench.asks import VIEWER
from signpost.bench.figures import Figure, Scratch, percentile
from signpost.bench.made import STEWARD
from signpost.demo.names import Name, Names, respell
from signpost.demo.numbers import nhs_numbers, postcode
from signpost.demo.places import read_areas

SOURCE = Source(
    id="bench-many",
    name="Bench many",
    authority="383",
    agency=Agency.SOCIAL_CARE,
    basis=LawfulBasis.PUBLIC_TASK,
)
SEED = 3
QUICK, WHOLE = (5_000, 600), (100_000, 1_500)  # children, and searches among them
YEARS = 18
NUMBERED = 0.8  # of the children, those whose NHS number is known
MISSPELT = 0.3  # of the searches, those with a name spelt otherwise
LIMIT = 3_000  # a find should not open more descriptions than this
BARE = """
MATCH (:Source)-[known:KNOWN_AS]->(child:Child) WHERE known.retracted_at IS NULL
RETURN child.id AS child, known.sealed AS sealed LIMIT $most
"""


class Drawn(NamedTuple):
    """A child who is looked for."""

    given: Name
    family: Name
    born: date
    sex: str


class Found(NamedTuple):
    """One search: milliseconds through the door and bare, and how many descriptions were opened."""

    ours: float
    bare: float
    candidates: int


def find_figures(place: Scratch, quick: bool, progress: Any) -> tuple[list[Figure], str]:
    """Median and 99th percentile of one find by names and birth date, and how many it opens.

    Return the figures, and a sentence on the sizes.
    """
    size, searches = QUICK if quick else WHOLE
    rng = Random(SEED)  # noqa: S311
    drawn = list(draw(rng, size))
    place.graph.load(STEWARD, SOURCE)
    place.graph.load(STEWARD, _extract(rng, drawn), progress=progress)
    found: list[Found] = []
    for done in range(searches):
        found.append(_search(place, _asked(rng, rng.choice(drawn))))
        progress("finding", done + 1, searches)
    counted = found[len(found) // 3 :]
    sentence = f"{size:,} children, {len(counted):,} finds after a warm-up, {MISSPELT:.0%} misspelt"
    return _figures(counted), sentence


def draw(rng: Random, size: int) -> Iterator[Drawn]:
    """Children of all the demo's names, born evenly over eighteen years until today."""
    names, today = Names(), date.today()
    for _ in range(size):
        sex = rng.choice("MF")
        given, family = names.full(rng, names.origin(rng), sex)
        yield Drawn(given, family, today - timedelta(days=rng.randrange(30, YEARS * 365)), sex)


def _extract(rng: Random, drawn: list[Drawn]) -> Batch:
    numbers, areas = nhs_numbers(rng), read_areas(len(drawn))
    rows = [
        ChildRow(
            record=f"C{n}",
            identity=Identity(
                nhs_number=next(numbers)[0] if rng.random() < NUMBERED else None,
                family_name=one.family.text,
                given_name=one.given.text,
                birth_date=one.born,
                sex=Sex(one.sex),
                postcode=postcode(rng, rng.choice(areas).postcodes),
            ),
            file="bench.csv",
            line=n + 2,
        )
        for n, one in enumerate(drawn)
    ]
    return Batch(source=SOURCE.id, feed="csv", extracted=date.today(), children=rows)


def _asked(rng: Random, one: Drawn) -> FindChild:
    given, family = one.given.text, one.family.text
    if rng.random() < MISSPELT:
        which = rng.choice(("given", "family"))
        given = respell(rng, one.given) if which == "given" else given
        family = respell(rng, one.family) if which == "family" else family
    return FindChild(family_name=family, given_name=given, birth_date=one.born)


def _search(place: Scratch, question: FindChild, viewer: Viewer = VIEWER) -> Found:
    with counting() as counts:
        start = perf_counter()
        place.graph.ask(viewer, question)
        ours = perf_counter() - start
    candidates = sum(counts)
    start = perf_counter()
    with place.store.driver.session(database=place.store.database) as session:
        session.execute_read(lambda tx: list(tx.run(BARE, most=candidates)))
    return Found(ours * 1000, (perf_counter() - start) * 1000, candidates)


@contextmanager
def counting() -> Iterator[list[int]]:
    """How many sealed descriptions each search fetches meanwhile."""
    counts: list[int] = []
    run = Transaction.run

    def listen(self: Transaction, name: str, /, **params: Any) -> list[dict[str, Any]]:
        rows = run(self, name, **params)
        if name == "find/candidates":
            counts.append(sum(len(one["sealed"]) for one in rows[0]["found"] if one["child"]))
        return rows

    Transaction.run = listen
    try:
        yield counts
    finally:
        Transaction.run = run


def _figures(found: list[Found]) -> list[Figure]:
    ours, bare, candidates = zip(*found, strict=True)
    figures = [
        Figure("match", case, "ms", percentile(ours, part), percentile(bare, part), "bare driver")
        for case, part in (("find p50", 0.5), ("find p99", 0.99))
    ]
    most = percentile(candidates, 0.99)
    return [*figures, Figure("match", "candidates per find p99", "records", most, LIMIT, "limit")]
