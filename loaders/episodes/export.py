"""Rows written as service episodes: a file that `episodes` reads, and nobody but its owner."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from graph import (
    AllocationRow,
    BadInput,
    ChildRow,
    InvolvementRow,
    PractitionerRow,
    Row,
    ServiceRow,
    authorities,
)
from loaders.episodes.objects import (
    Object,
    identified,
    organisation_object,
    person_object,
    professional_object,
    said,
    service_object,
    timing_object,
    worker_object,
)
from loaders.episodes.text import document
from loaders.episodes.words import (
    CONTEXT,
    EPISODES,
    OF_AN_AUTHORITY,
    OWN,
    URN,
)
from loaders.rejects import private_file

R = TypeVar("R", bound=Row)


def write(path: Path, pages: Iterable[Sequence[Row]]) -> None:
    """Write rows to a new file that only its owner can read; where that fails nothing of it stays.

    pages: rows of any table; all of one child stand in one page, with the services and practitioners
    that they name.
    Raise BadInput where the file is there already, or cannot be written.
    """
    if path.exists():
        raise BadInput(f"{path.name} is there already: name another file")
    with private_file(path) as file:
        try:
            for piece in document([CONTEXT, {OWN.rstrip(":"): URN}], _Written().objects(pages)):
                file.write(piece.encode())
        except BaseException:
            path.unlink(missing_ok=True)
            raise


class _Written:
    """Makes the objects; each service and practitioner stands once in a file."""

    def __init__(self) -> None:
        # Of each service, the names of its authorities.
        self._services: dict[str, list[str]] = {}
        self._workers: set[str] = set()
        self._of: dict[str, list[str]] = {}

    def objects(self, pages: Iterable[Sequence[Row]]) -> Iterator[Object]:
        """Objects page by page, and at the end the authorities with the services of each."""
        for rows in pages:
            yield from self._directory(rows)
            yield from (person_object(row) for row in _all(rows, ChildRow))
            yield from self._episodes(rows)
        for number, services in self._of.items():
            yield organisation_object(number, services)

    def _directory(self, rows: Sequence[Row]) -> Iterator[Object]:
        for local, areas in _grouped(_all(rows, ServiceRow), lambda row: row.service.id).items():
            if local not in self._services:
                numbers = [row.authority for row in areas if row.authority]
                self._services[local] = [authorities()[number].name for number in numbers]
                for number in numbers if areas[0].service.agency in OF_AN_AUTHORITY else ():
                    self._of.setdefault(number, []).append(local)
                yield service_object(areas)
        posts = _grouped(_all(rows, PractitionerRow), lambda row: row.practitioner.id)
        for local, held in posts.items():
            if local not in self._workers:
                self._workers.add(local)
                yield professional_object(held)

    def _episodes(self, rows: Sequence[Row]) -> Iterator[Object]:
        """An object for each involvement, and for each allocation for which there is none."""
        ties = _grouped(_all(rows, AllocationRow), lambda row: (row.child, row.service))
        found = _grouped(_all(rows, InvolvementRow), lambda row: (row.child, row.service))
        for pair, episodes in found.items():
            shared = _shared(episodes, ties.pop(pair, []))
            for episode, own in zip(episodes, shared, strict=True):
                yield self._episode(episode, own)
        for tie in (one for alone in ties.values() for one in alone):
            yield self._episode(tie, [tie])

    def _episode(self, row: InvolvementRow | AllocationRow, own: Sequence[AllocationRow]) -> Object:
        tied = isinstance(row, InvolvementRow)
        kind = row.kind if tied else None
        return said(
            {
                "@type": "ServiceEpisode",
                "identifier": [identified("episode", row.record)],
                "type": [EPISODES[kind]],
                "subjectPerson": [{"person": identified("child", row.child), "involvement": "SBJ"}],
                "relatedService": [identified("service", row.service)],
                "relatedProfessional": [worker_object(tie) for tie in own],
                "timeInformation": [timing_object(row.period)],
                "location": self._services.get(row.service, []),
                f"{OWN}kind": kind,
                f"{OWN}consent": row.consent if tied else None,
                f"{OWN}consentUntil": (tied and row.consent_until) or None,
                f"{OWN}involvement": None if tied else False,
                f"{OWN}endExact": None if row.period.to_exact else False,
            }
        )


def _shared(
    episodes: Sequence[InvolvementRow], ties: Sequence[AllocationRow]
) -> list[list[AllocationRow]]:
    """Each allocation beside the latest episode in whose time it falls, else the latest of all."""
    shared: list[list[AllocationRow]] = [[] for _ in episodes]
    for tie in ties:
        fits = [n for n, one in enumerate(episodes) if one.period.overlaps(tie.period)]
        shared[max(fits, default=-1)].append(tie)
    return shared


def _all(rows: Sequence[Row], kind: type[R]) -> list[R]:
    return [row for row in rows if isinstance(row, kind)]


def _grouped(rows: Sequence[R], by: Any) -> dict[Any, list[R]]:
    found: dict[Any, list[R]] = {}
    for row in rows:
        found.setdefault(by(row), []).append(row)
    return found
