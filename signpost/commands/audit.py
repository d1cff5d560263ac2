"""signpost audit: the record of access, anchored outside the database and verified."""

import click

from graph import MisuseSigns, Pattern, Role, Settings
from signpost.commands.data import AS, checked
from signpost.commands.looks import defer, deferrals, looks
from signpost.commands.seen import seen
from signpost.parts import anchors_of, running_graph, viewer
from signpost.screen import out, progress_bars
from web.words import first_up, misused

_SHOWN = 20


@click.group()
def audit() -> None:
    """Who looked at whom: proof that its record is whole."""


for command in (looks, defer, deferrals, seen):
    audit.add_command(command)


@audit.command()
def anchor() -> None:
    """Sign where the record stands now, and keep that outside the database.

    The web app does so by itself every SIGNPOST_ANCHOR_MINUTES.
    """
    settings = Settings.read()
    with running_graph(settings) as graph:
        taken = graph.anchor(anchors_of(settings))
    if taken is None:
        out.print("Nothing was recorded since the last anchor.")
    else:
        out.print(
            f"Anchor {taken.number:,} is in {settings.anchors}; strands: {len(taken.ends):,}."
        )


@audit.command()
@AS
def verify(user: str | None) -> None:
    """Find any access record that was changed, taken away, put in or moved; status 1 where there is one.

    Example: signpost audit verify
    """
    settings = Settings.read()
    with running_graph(settings) as graph, progress_bars() as progress:
        found = graph.verify(viewer(settings, user, Role.AUDITOR), anchors_of(settings), progress)
    out.print(
        f"Access records: {found.records:,}; strands: {found.strands:,}; anchors: {found.anchors:,}."
    )
    if not found.damage:
        out.print("All of them are as they were written.")
        if not found.anchors:
            out.print(
                "No anchor shows that none is missing at an end; for one: signpost audit anchor"
            )
        return
    out.print(f"[red]Not as they were written: {len(found.damage):,}.[/red] The first:")
    for where, what in found.damage[:_SHOWN]:
        out.print(f"  {where} {what}.", highlight=False, markup=False)
    if len(found.damage) > _SHOWN:
        out.print(f"  ... and {len(found.damage) - _SHOWN:,} more.")
    raise SystemExit(1)


@audit.command()
@AS
@click.option("--days", default=30, show_default=True, help="Of the last days, at most 365.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of sentences.")
def misuse(user: str | None, days: int, as_json: bool) -> None:
    """Say where somebody may have looked without need: counts with a reason, never of which child.

    An auditor sees all areas, a lead their own.

    Example: signpost audit misuse --days 7
    """
    settings = Settings.read()
    question = checked(MisuseSigns, days=days)
    with running_graph(settings) as graph:
        found = graph.ask(viewer(settings, user, Role.AUDITOR), question)
    if as_json:
        out.print_json(found.model_dump_json(by_alias=True))
        return
    for pattern in Pattern:
        signs = [sign for sign in found.signs if sign.pattern is pattern]
        if signs:
            out.print(f"{first_up(pattern.value)}: {found.total[pattern]:,}")
        for sign in signs:
            out.print(f"  {misused(sign)}", markup=False, soft_wrap=True)
    if not found.signs:
        out.print("No sign in these days. This is not the same as no misuse.")
