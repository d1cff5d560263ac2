"""A made-up child with whom many services work or have worked, in many areas."""

from datetime import timedelta
from random import Random

from graph import Agency, Batch, Source
from tests import world as small
from tests.world import BRADFORD, LEEDS, span

BUSY = "9990000166"
SOURCE = Source.model_validate(
    {
        "id": "busy",
        "name": "Busy register",
        "agency": "social care",
        "basis": "public task",
        "every_days": 7,
    }
)
AREAS = (LEEDS, BRADFORD, "201", "330", "340", "352")
NAMES = (
    "Child Protection Team",
    "Front Door",
    "Neighbourhood Family Support Partnership",
    "Nursery",
)


def busy(many: int) -> Batch:
    """As many involvements: two of three with a service of their own, a quarter open, some not dated."""
    rng = Random(many)
    services = [_service(n) for n in range(max(1, many * 2 // 3))]
    born = {"birth_date": "2012-05-01"}
    return Batch(
        source=SOURCE.id,
        feed="csv",
        extracted=small.EXTRACTED,
        services=services,
        children=[small.child("B1", nhs_number=BUSY, family_name="Busy", given_name="Bo", **born)],
        homes=[
            small.home("H1", "B1", LEEDS, span("2012-05-01", "2020-03-03")),
            small.home("H2", "B1", BRADFORD, span("2020-03-04")),
        ],
        involvements=[
            small.involvement(
                f"I{n}", "B1", services[n % len(services)].service.id, _period(n, rng)
            )
            for n in range(many)
        ],
    )


def _service(n: int):
    agency, name = list(Agency)[n % len(Agency)], f"{NAMES[n % len(NAMES)]} number {n}"
    return small.service(f"S{n}", name, AREAS[n % len(AREAS)], agency=agency)


def _period(n: int, rng: Random):
    start = small.EXTRACTED - timedelta(days=rng.randint(30, 5_000))
    end = start + timedelta(days=rng.randint(0, 29 if n % 5 else 900))
    first = None if n % 11 == 3 else start.isoformat()
    return span(first, None if n % 4 == 0 else min(end, small.EXTRACTED).isoformat())
