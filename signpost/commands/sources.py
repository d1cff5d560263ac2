"""signpost sources: who sends, who is silent, and whose last extract is not as the ones before."""

from collections.abc import Iterator

import click

from graph import (
    Agency,
    FeedReport,
    LoadLine,
    Role,
    Settings,
    SourceList,
    SourceReport,
    SourceReports,
)
from signpost.commands.data import AS, checked
from signpost.map_table import day
from signpost.parts import running_graph, viewer
from signpost.screen import out, table

AGENCY = click.Choice([agency.value for agency in Agency])


@click.command()
@click.option("--authority", help="Only those that send for it, as 383 or Leeds.")
@click.option("--agency", type=AGENCY)
@click.option("--silent", is_flag=True, help="Only those that have not sent when they should have.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of tables.")
@AS
def sources(
    authority: str | None, agency: str | None, silent: bool, as_json: bool, user: str | None
) -> None:
    """List every source, silent ones first: what it sent last, and how that differs from before.

    Example: signpost sources --authority Cumbria --silent
    """
    settings = Settings.read()
    question = checked(SourceReports, authority=authority, agency=agency, silent=silent)
    with running_graph(settings) as graph:
        found = graph.ask(viewer(settings, user, Role.STEWARD), question)
    if as_json:
        out.print_json(found.model_dump_json(by_alias=True))
    else:
        _show(found)


def _show(found: SourceList) -> None:
    if len(found.asked_for) > 1:
        out.print(f"Asked of {', '.join(one.name for one in found.asked_for)}.")
    out.print(f"Sources: {len(found.sources)}, of which {len(found.silent)} are silent.")
    rows = table("source", "of", "last extract", "last load", "not as usual")
    for one in found.sources:
        rows.add_row(_name(one), _whose(one), _extract(one), _loads(one), "\n".join(_signs(one)))
    if found.sources:
        out.print(rows)
    if found.without:
        names = ", ".join(one.name for one in found.without)
        who = "Only a national source" if found.national else "No source"
        out.print(f"{who} sends of children for {len(found.without)}: {names}.")


def _name(one: SourceReport) -> str:
    return f"{one.name}\n({one.id})"


def _whose(one: SourceReport) -> str:
    return f"{one.sends_for}\n{one.agency.value}"


def _extract(one: SourceReport) -> str:
    state = "SILENT, " if one.silent else ""
    days = "1 day" if one.age_days == 1 else f"{one.age_days} days"
    last = "never sent" if one.age_days is None else f"{day(one.last_extract)}, {days} ago"
    every = "day" if one.every_days == 1 else f"{one.every_days} days"
    return f"{state}{last}\ndue every {every}"


def _loads(one: SourceReport) -> str:
    return "\n".join(_load(feed, feed.last) for feed in one.feeds if feed.last)


def _load(feed: FeedReport, last: LoadLine) -> str:
    names = ("read", "new", "changed", "unchanged", "ended", "rejected")
    counts = ", ".join(f"{getattr(last, name):,} {name}" for name in names)
    share = last.unnamed_share
    unnamed = "" if share is None else f"; no worker named for {share:.0%} of what is open"
    part = "" if last.full else ", in part"
    return f"{feed.kind}{part}, {day(last.finished_at)}: {counts}{unnamed}"


def _signs(one: SourceReport) -> Iterator[str]:
    for feed in one.feeds:
        for stopped in feed.stopped:
            yield f"STOPPED: the {feed.kind} load of {day(stopped.extracted)} never finished."
        yield from feed.drift
