"""What a row may point to: rows of the same batch, or what the graph has already."""

from collections.abc import Callable
from typing import Any

from graph.authorities import authorities
from graph.rows import AllocationRow, Batch, HomeRow, InvolvementRow, Row, ServiceRow

Known = Callable[[list[str], list[str]], set[str]]


class References:
    """What rows may point to: rows of the same batch, or what the graph has already."""

    def __init__(self, batch: Batch, known: Known, child_known: Callable[[str], bool]) -> None:
        self._child_known = child_known
        services = {row.service.id for row in batch.services}
        workers = {row.practitioner.id for row in batch.practitioners}
        named: list[Any] = [*batch.practitioners, *batch.involvements, *batch.allocations]
        unknown = {row.service for row in named} - services
        absent = {row.practitioner for row in batch.allocations} - workers
        prefix = f"{batch.source}:"
        there = known([prefix + one for one in unknown], [prefix + one for one in absent])
        local = {id_.removeprefix(prefix) for id_ in there}
        self._services = services | (unknown & local)
        posts = [row for row in batch.practitioners if row.service in self._services]
        self._practitioners = {row.practitioner.id for row in posts} | (absent & local)
        self._children = {row.record for row in batch.children}

    def fault(self, row: Row) -> str | None:
        """A sentence where the row points to what is not there."""
        service = getattr(row, "service", None)
        if isinstance(service, str) and service not in self._services:
            return "names a service that is not in services.csv, or whose own row was rejected"
        if isinstance(row, AllocationRow) and row.practitioner not in self._practitioners:
            return "names a practitioner who is not in practitioners.csv, or whose own row was rejected"
        if isinstance(row, (HomeRow, InvolvementRow, AllocationRow)) and not self._child(row.child):
            return "names a child who is not in children.csv, or whose own row was rejected"
        if isinstance(row, (ServiceRow, HomeRow)) and row.authority not in (None, *authorities()):
            return "names an authority whose DfE number is not known"
        return None

    def _child(self, local: str) -> bool:
        return local in self._children or self._child_known(local)
