"""signpost source, check, load: from a source's file to the graph."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from time import strftime
from typing import TypeVar

import click
from click.core import ParameterSource
from pydantic import ValidationError

from graph import (
    KEEP_YEARS,
    Agency,
    Batch,
    Fault,
    LawfulBasis,
    LoadReport,
    Model,
    Role,
    Settings,
    Source,
    authority_of,
    explain,
)
from graph import (
    check as graph_check,
)
from loaders import LOADERS, kind_of, read, reject
from signpost.parts import running_graph, viewer
from signpost.registered import kinds_sent, register
from signpost.screen import out, progress_bars, table

AUTO = "auto"
KIND = click.Choice([*sorted(LOADERS), AUTO])
AS = click.option("--as", "user", metavar="USER", help="A demo person; else whoever works here.")
_SHOWN = 20
M = TypeVar("M", bound=Model)


@click.group()
def source() -> None:
    """Who sends what; nothing loads from a source that is not registered."""


@source.command()
@click.argument("id_", metavar="ID")
@click.option("--name", required=True, help="What people call it.")
@click.option("--authority", help="The authority, as 383 or Leeds; none for a national register.")
@click.option("--agency", required=True, type=click.Choice([a.value for a in Agency]))
@click.option(
    "--basis",
    required=True,
    type=click.Choice([b.value for b in LawfulBasis]),
    help="On what lawful basis it shares; with consent, one that is withdrawn takes all of a child back.",
)
@click.option(
    "--keep",
    "keep_years",
    default=KEEP_YEARS,
    show_default=True,
    help="Years for which what has ended stays.",
)
@click.option("--every", "every_days", default=7, show_default=True, help="Days between extracts.")
@click.option("--change", is_flag=True, help="Change what is registered of it.")
@AS
@click.pass_context
def add(
    context: click.Context,
    id_: str,
    name: str,
    authority: str | None,
    agency: str,
    basis: str,
    keep_years: int,
    every_days: int,
    change: bool,
    user: str | None,
) -> None:
    """Register the source ID; with --change, put right what is registered of it.

    A register of the whole country is a source without --authority.

    \b
    Examples:
      signpost source add leeds-health --name "Leeds health" --authority 383 --agency health \\
        --basis "public task"
      signpost source add schools --name "Schools register" --agency education --basis "public task"
    """
    settings = Settings.read()
    made = checked(
        Source,
        id=id_,
        name=name,
        authority=_number(authority),
        agency=agency,
        basis=basis,
        keep_years=keep_years,
        every_days=every_days,
    )
    with running_graph(settings) as graph:
        steward = viewer(settings, user, Role.STEWARD)
        said = register(graph, steward, made, change, _given(context))
    out.print("\n".join(said), markup=False)


def _given(context: click.Context) -> list[str]:
    """The options that were written; what was left out stays as it is registered."""
    source = context.get_parameter_source
    return [name for name in context.params if source(name) is ParameterSource.COMMANDLINE]


def _number(authority: str | None) -> str | None:
    """The DfE number of an authority as it was typed; what is unknown is left for the model to refuse."""
    found = authority_of(authority) if authority else None
    return found.number if found else authority


@click.command()
@click.argument("kind", type=KIND)
@click.argument("path", type=click.Path(path_type=Path))
def check(kind: str, path: Path) -> None:
    """Read a file and say what is wrong with it; nothing is written, no database is needed.

    KIND is one of those listed, or auto: then the content says which. It ends with status 1 where a
    row would be rejected; load, which takes the others, ends with 0.

    Example: signpost check csv ~/extracts/leeds-health
    """
    kind = _known(kind, path)
    with progress_bars() as progress:
        report = graph_check(read(kind, path, "check", date.today(), progress=progress), "383")
    counts = table("table", "rows")
    for name, rows in report.tables.items():
        counts.add_row(name, f"{rows:,}")
    out.print(counts)
    _show_faults(report.faults, report.warnings)
    if report.faults:
        raise SystemExit(1)


def _known(kind: str, path: Path) -> str:
    """The kind itself; for auto, the one that the content shows, with how it was known."""
    if kind != AUTO:
        return kind
    kind, how = kind_of(path)
    out.print(f"{path.name} is {kind}: {how}.", markup=False)
    return kind


@click.command()
@click.argument("kind", type=KIND)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--source", "source_id", required=True, help="Id of a registered source.")
@click.option(
    "--extracted", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Date of the extract."
)
@click.option("--partial", is_flag=True, help="Only add and correct; nothing that is missing ends.")
@click.option("--accept-drop", is_flag=True, help="End what is missing even if over a fifth.")
@AS
def load(
    kind: str,
    path: Path,
    source_id: str,
    extracted: datetime,
    partial: bool,
    accept_drop: bool,
    user: str | None,
) -> None:
    """Load a file from a source. It may be run again at any time, and after any stop.

    KIND is one of those listed, or auto: then the content says which. Rejected rows are written to a
    folder, and it ends with status 0, because the others are loaded; check ends with 1.

    Example: signpost load csv ~/extracts/leeds-health --source leeds-health --extracted 2026-11-20
    """
    settings = Settings.read()
    auto = kind == AUTO
    kind = _known(kind, path)
    with progress_bars() as progress:
        batch = read(kind, path, source_id, extracted.date(), full=not partial, progress=progress)
    with running_graph(settings) as graph, progress_bars() as progress:
        steward = viewer(settings, user, Role.STEWARD)
        if auto:
            _say_if_new(kind, source_id, kinds_sent(graph, steward, source_id))
        report = graph.load(steward, batch, accept_drop=accept_drop, progress=progress)
    show_report(report)
    if report.faults:
        _keep_rejects(settings, kind, path, batch, report)


def _say_if_new(kind: str, source_id: str, sent: Sequence[str]) -> None:
    if sent and kind not in sent:
        out.print(f"The first {kind} from {source_id}, which sent {' and '.join(sent)} until now.")


def show_report(report: LoadReport) -> None:
    """Print what a load did."""
    counts = ("read", "new", "changed", "unchanged", "ended", "rejected", "for_review", "joined")
    words = ", ".join(f"{getattr(report, name):,} {name.replace('_', ' ')}" for name in counts)
    out.print(f"{report.source}: {words}; {report.rows_a_second:,.0f} rows a second.")
    _show_faults(report.faults, report.warnings)


def _show_faults(faults: Sequence[Fault], warnings: Sequence[Fault]) -> None:
    for word, found in (("Rejected", faults), ("Warning", warnings)):
        for fault in found[:_SHOWN]:
            out.print(f"{word}: {fault}", markup=False)
        if len(found) > _SHOWN:
            out.print(f"... and {len(found) - _SHOWN:,} more.")


def _keep_rejects(
    settings: Settings, kind: str, path: Path, batch: Batch, report: LoadReport
) -> None:
    folder = settings.home / "rejects" / f"{batch.source}-{batch.extracted}-{strftime('%H%M%S')}"
    folder.mkdir(parents=True, mode=0o700)
    kept = reject(kind, path, report.faults, folder)
    out.print(f"The rejected rows are in {kept}, each with its reason; repair them there, then:")
    out.print(
        f"  signpost load {kind} {kept} --source {batch.source} --extracted {batch.extracted}",
        soft_wrap=True,
    )


def checked(kind: type[M], **fields: object) -> M:
    """A model from what was typed; a fault is a sentence that names the option."""
    try:
        return kind.model_validate(
            {name: value for name, value in fields.items() if value is not None}
        )
    except ValidationError as error:
        faults = [f"{f.replace('_', '-')} {s}" if f else s for f, s in explain(error, kind)]
        raise click.UsageError("; ".join(faults)) from None
