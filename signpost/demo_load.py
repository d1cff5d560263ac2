"""A synthetic England, loaded through the same door as anyone's files."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

from graph import Graph, LoadReport, Role, Source
from loaders import read
from signpost.parts import operator


def load_england(
    graph: Graph, folder: Path, progress: Callable[[str, int, int], None]
) -> LoadReport:
    """Register and load every source that write_england wrote; the sum of all reports."""
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    reports: list[LoadReport] = []
    for done, row in enumerate(rows, start=1):
        reports += _load_one(graph, folder / "sources", row)
        progress("loading sources", done, len(rows))
    return _sum(reports)


def _load_one(graph: Graph, folder: Path, row: dict[str, str]) -> list[LoadReport]:
    steward = operator(Role.STEWARD)
    extracted = row.pop("extracted")
    source = Source.model_validate(row)
    graph.load(steward, source)
    if not extracted:
        return []
    batch = read("csv", folder / source.id, source.id, date.fromisoformat(extracted))
    return [graph.load(steward, batch)]


def _sum(reports: list[LoadReport]) -> LoadReport:
    counts = (
        "read",
        "new",
        "changed",
        "unchanged",
        "ended",
        "rejected",
        "for_review",
        "joined",
        "seconds",
    )
    total = {name: sum(getattr(report, name) for report in reports) for name in counts}
    faults = [fault for report in reports for fault in report.faults]
    said = {"source": "demo", "feed": "csv", "extracted": date.today(), "faults": faults}
    return LoadReport.model_validate({**said, **total})
