"""neomodel's side of the load bench: the same rows by create_or_update, their edges by connect."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import groupby
from time import perf_counter
from typing import Any

from graph import BadInput, Row
from graph.store import Store

# neomodel 7.0.0 asks for neo4j 6.1, so that no resolver installs it beside 6.4; it works with 6.4.
INSTALL = "It is measured beside neomodel after: pip install --no-deps neomodel==7.0.0"
# Of each table of rows: its edge, and the two ends of it.
_EDGES = {
    "services": ("in_area", "service", "authority"),
    "practitioners": ("works_at", "practitioner", "service"),
    "parents": ("part_of", "service", "parent"),
    "successors": ("succeeded_by", "service", "successor"),
    "homes": ("lives_in", "child", "authority"),
    "involvements": ("involved_with", "service", "child"),
    "allocations": ("works_with", "practitioner", "child"),
    "pointers": ("points_to", "child", "authority"),
}


class Way(StrEnum):
    """How an application with neomodel writes rows.

    ALONE: each by itself, in memory that stays flat, as our own load: a node that a row names is had by
    create_or_update, too. KEPT: with every node so far in memory. TOGETHER: so, and all nodes of a table
    in one call.
    """

    ALONE = "each row alone"
    KEPT = "a call a row, all nodes in memory"
    TOGETHER = "a call a table, all nodes in memory"


_NODES = {"services": "service", "practitioners": "practitioner", "children": "child"}


def write(store: Store, rows: Iterable[Row], way: Way) -> float:
    """Write rows as an application with neomodel does, into the emptied graph.

    rows: table after table, nodes before their edges; connect has no other way than one edge at a time.
    Return the seconds. Raise BadInput where neomodel is not installed.
    """
    rows = list(rows)
    with _ready(store) as models:
        start = perf_counter()
        written = _Written(models, way)
        for table, own in groupby(rows, key=lambda row: row.table):
            written.table(table, list(own))
        return perf_counter() - start


class _Written:
    """The nodes so far, by what they are and their id, where the way is to keep them."""

    def __init__(self, models: Any, way: Way) -> None:
        self._models = models
        self._way = way
        self._nodes: dict[tuple[str, str], Any] = {}

    def table(self, table: str, rows: list[Row]) -> None:
        """Write the rows of a table: nodes first, then edges."""
        if table in _NODES:
            for some in [rows] if self._way is Way.TOGETHER else ([row] for row in rows):
                self._put(_NODES[table], some)
        if table in _EDGES:
            for row in rows:
                self._connect(*_EDGES[table], row)

    def _put(self, what: str, rows: list[Row]) -> None:
        model = self._models.NODES[what]
        # neomodel 7 calls create_or_update so; the old name warns, and calls the same.
        written = model.nodes.bulk_create_or_update(*(_node(what, row) for row in rows))
        if self._way is not Way.ALONE:
            self._nodes |= {(what, node.uid): node for node in written}

    def _connect(self, edge: str, start: str, end: str, row: Any) -> None:
        period = row.period if hasattr(row, "period") else None
        kind = getattr(row, "kind", None) or getattr(row, "part", None)
        said = {"key": f"{row.table} {row.record}", "kind": kind and kind.value}
        said |= {"since": period and period.from_, "until": period and period.to}
        one, other = (self._end(name, row) for name in (start, end))
        getattr(one, edge).connect(other, {k: v for k, v in said.items() if v is not None})

    def _end(self, name: str, row: Any) -> Any:
        value = getattr(row, name)
        if name == "authority":
            return self._authority(value)
        what = "service" if name in ("parent", "successor") else name
        uid = getattr(value, "id", value)
        if self._way is not Way.ALONE:
            return self._nodes[what, uid]
        [node] = self._models.NODES[what].nodes.bulk_create_or_update({"uid": uid})
        return node

    def _authority(self, number: str) -> Any:
        # They are built in and few: each way keeps them.
        if ("authority", number) not in self._nodes:
            found = self._models.NODES["authority"].nodes.get(number=number)
            self._nodes["authority", number] = found
        return self._nodes["authority", number]


def _node(what: str, row: Any) -> dict[str, Any]:
    if what == "child":
        return {"uid": row.record, **row.identity.model_dump(mode="json", include=_IDENTITY)}
    said = getattr(row, what).model_dump(mode="json", exclude_none=True)
    return {"uid": said.pop("id"), **said}


_IDENTITY = {"nhs_number", "family_name", "given_name", "birth_date", "sex", "postcode"}


@contextmanager
def _ready(store: Store) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from signpost.bench import neomodel_models as models
        except ImportError:
            raise BadInput(INSTALL) from None
        models.om.db.set_connection(driver=store.driver)
        yield models
