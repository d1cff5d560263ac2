"""A service map as tables in a terminal."""

from datetime import date

from graph import Involvement, Period, ServiceMap
from signpost.screen import out, table
from web.words import count, pointed


def map_tables(answer: ServiceMap) -> None:
    """Print a service map: who, whom to ring, involvements by authority, moves, handovers, coverage."""
    if answer.restricted:
        out.print(f"A restricted record exists: ring the broker line, {answer.broker_line}.")
        return
    _who(answer)
    _ring(answer)
    for authority, involvements in answer.by_authority():
        _involvements(authority.name, involvements)
    if not answer.involvements:
        out.print("The sources below sent no involvement. This is not the same as nothing known.")
    _moves(answer)
    _coverage(answer)


def day(value: date | None, unknown: str = "not known") -> str:
    """A date in words."""
    return f"{value:%-d %B %Y}" if value else unknown


def _ends(span: Period, asserted_on: date) -> str:
    if span.to is None:
        return f"open on {day(asserted_on)}"
    return day(span.to) if span.to_exact else f"by {day(span.to)}"


def _who(answer: ServiceMap) -> None:
    who = answer.identity
    if who:
        names = f"{who.given_name or ''} {who.family_name or ''}".strip() or "Name not known"
        out.print(f"[bold]{names}[/bold], born {day(who.birth_date)}")
    if answer.also_known_as:
        out.print(f"Also known as {', '.join(answer.also_known_as)}")
    if answer.on:
        out.print(f"As it was on {day(answer.on)}")


def _ring(answer: ServiceMap) -> None:
    rows = table("", "ring", "telephone", "why", "confirmed", title="Ring now")
    for place, contact in enumerate(answer.ring_now, start=1):
        place_words = f"{place}." if contact.staffed_now else "(closed)"
        telephone = contact.telephone or "not known"
        confirmed = day(contact.confirmed_on, "never")
        rows.add_row(
            place_words, f"{contact.name}, {contact.authority}", telephone, contact.note, confirmed
        )
    if answer.ring_now:
        out.print(rows)


def _involvements(authority: str, involvements: list[Involvement]) -> None:
    rows = table(
        "service", "agency", "who", "from", "to", "crosses", "source", title=f"\n{authority}"
    )
    for one in involvements:
        who = "\n".join(
            f"{a.practitioner.name}, {a.part.value}"
            + (f" (left {day(a.left_on)})" if a.left_on else "")
            for a in one.allocations
        )
        name = one.service.name if one.service else "A sensitive service"
        rows.add_row(
            "\n".join([name, *([one.kind.value] if one.kind else []), *_now(one)]),
            one.service.agency.value if one.service else "ring the broker line",
            who,
            day(one.period.from_),
            _ends(one.period, one.asserted_on),
            "\n".join(f"{c.kind.value}: {c.why}" for c in one.crossings),
            one.source or "withheld",
        )
    out.print(rows)


def _now(one: Involvement) -> list[str]:
    return [f"now {successor.name}" for successor in one.successors]


def _moves(answer: ServiceMap) -> None:
    rows = table("lived in", "from", "to", title="\nMoves")
    for home in answer.homes:
        rows.add_row(home.authority.name, day(home.period.from_), day(home.period.to, ""))
    if answer.homes:
        out.print(rows)
    for pointer in answer.pointers:
        out.print(f"{pointed(pointer)}.")
    for one in answer.handovers:
        opened = f"opened there {day(one.opened)}" if one.opened else "nothing opened there"
        out.print(
            f"{one.agency.value.capitalize()}: closed in {one.from_authority.name} {day(one.closed)}, "
            f"{one.to_authority.name}: {opened}; {count(one.gap_days, 'day')} with nobody."
        )


def _coverage(answer: ServiceMap) -> None:
    rows = table("source asked", "authority", "last extract", "", title="\nHow complete this is")
    for source in answer.coverage.sources:
        age = "never sent" if source.age_days is None else f"{count(source.age_days, 'day')} old"
        rows.add_row(source.name, source.sends_for, age, "SILENT" if source.silent else "")
    out.print(rows)
    who = "Only a national source" if answer.coverage.national else "Nobody"
    for authority in answer.coverage.authorities_without_source:
        out.print(f"{who} sends for {authority.name}.")
