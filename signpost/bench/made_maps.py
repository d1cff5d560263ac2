"""Made-up children, each with a service map of as many nodes as are wanted."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from graph import (
    Agency,
    Batch,
    ChildRow,
    HomeRow,
    Identity,
    InvolvementRow,
    LawfulBasis,
    Period,
    Service,
    ServiceRow,
    Source,
)
from signpost.bench.made import EXTRACTED
from signpost.demo.numbers import nhs_numbers

SEED = 17
AREAS = ("383", "380", "201", "330", "340", "352")
SOURCE = Source(
    id="bench-maps",
    name="Bench maps",
    authority="383",
    agency=Agency.SOCIAL_CARE,
    basis=LawfulBasis.PUBLIC_TASK,
)


def batch_of(nodes: Sequence[int]) -> tuple[Batch, list[str]]:
    """A child for each number of nodes, and their NHS numbers.

    Of the nodes one is the child, one each authority, and all others a service with one involvement, a
    third of them open.
    """
    rng = Random(SEED)  # noqa: S311
    numbers = nhs_numbers(rng)
    said = {"family_name": "Benchmap", "birth_date": date(2010, 5, 1)}
    nhs = [next(numbers)[0] for _ in nodes]
    services = [_service(n) for n in range(max(nodes) - 1 - len(AREAS))]
    counts = [many - 1 - len(AREAS) for many in nodes]
    return Batch(
        source=SOURCE.id,
        feed="csv",
        extracted=EXTRACTED,
        services=services,
        children=[
            ChildRow(
                identity=Identity.model_validate(
                    {**said, "nhs_number": number, "given_name": "Bo"}
                ),
                **_at(f"C{n}"),
            )
            for n, number in enumerate(nhs)
        ],
        homes=[
            HomeRow(child=f"C{n}", authority="383", period=_since(date(2010, 5, 1)), **_at(f"H{n}"))
            for n in range(len(nodes))
        ],
        involvements=[
            InvolvementRow(
                child=f"C{n}", service=f"S{m}", period=_period(m, rng), **_at(f"{n}-{m}")
            )
            for n, count in enumerate(counts)
            for m in range(count)
        ],
    ), nhs


def _at(record: str) -> dict[str, Any]:
    return {"file": "bench.csv", "line": 2, "record": record}


def _service(n: int) -> ServiceRow:
    agency, area = list(Agency)[n % len(Agency)], AREAS[n % len(AREAS)]
    made = Service(id=f"S{n}", name=f"Family Support Team {n}", agency=agency)
    return ServiceRow(service=made, authority=area, file="bench.csv", line=2, record=f"S{n}/{area}")


def _period(n: int, rng: Random) -> Period:
    start = EXTRACTED - timedelta(days=rng.randint(60, 5_000))
    end = None if n % 3 == 0 else start + timedelta(days=rng.randint(1, 59))
    return Period.model_validate({"from": start, "to": end})


def _since(day: date) -> Period:
    return Period.model_validate({"from": day})
