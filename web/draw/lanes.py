"""Lanes: who was involved when: one for each authority, in it a row for each service, with its bars."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from graph import Agency, Authority, Handover, Home, Involvement, Period, ServiceMap
from web.draw.chart import GAP, HOME, WITHHELD, Bar, Chart, Lane, Row, look_of
from web.draw.scale import Mark, Scale
from web.words import count, day, first_up, spanned

# A child with more rows than this has those folded in which nothing is open.
UNFOLDED = 12
_THIN = 0.8  # the least that a bar is wide
_FADING = 5.0  # the least over which an open end fades
Numbered = Sequence[tuple[Authority, Sequence[tuple[int, Involvement]]]]


@dataclass(frozen=True)
class _Drawing:
    """One map on its scale; folding: rows in which nothing is open are folded away."""

    map: ServiceMap
    scale: Scale
    folding: bool

    def lane(self, authority: Authority, numbered: Sequence[tuple[int, Involvement]]) -> Lane:
        services = [self.row(group) for group in by_service(numbered)]
        gaps = [self.gap(one) for one in self.map.handovers if _lies_in(one, authority)]
        rows = [*sorted(services, key=lambda row: not row.open), *gaps]
        shown = [row for row in rows if row.open or not self.folding]
        folded = [row for row in rows if not row.open and self.folding]
        return Lane(authority.name, shown, folded)

    def row(self, group: Sequence[tuple[int, Involvement]]) -> Row:
        """All involvements of one service."""
        service = group[0][1].service
        label = service.name if service else "A sensitive service"
        bars = [
            self.bar(one.period, self.said(label, one), f"#involvement-{n}", one.asserted_on)
            for n, one in sorted(group, key=lambda pair: pair[1].period.from_ or date.min)
        ]
        return Row(
            label=label,
            look=look_of(service.agency) if service else WITHHELD,
            bars=levelled(bars),
            open=any(one.period.open for _, one in group),
            more=first_up(service.agency.value) if service else "Through the broker line",
        )

    def said(self, label: str, one: Involvement) -> str:
        """An involvement in a sentence."""
        kind = f", {one.kind.value}" if one.kind else ""
        goes_on = f", open on {day(one.asserted_on)}" if one.period.open else ""
        return f"{label}{kind}: {spanned(one.period)}{goes_on}"

    def gap(self, one: Handover) -> Row:
        """Days with nobody, from what one authority closed to what the next one opened."""
        until = one.opened or self.map.today
        left, right = self.scale.at(one.closed), self.scale.at(until)
        label = f"{count(one.gap_days, 'day')} with nobody"
        ended = f"until {day(one.opened)}" if one.opened else "so far"
        text = f"{first_up(one.agency.value)}: {label} after {day(one.closed)}, {ended}"
        bar = Bar(left, _wide(left, right), 0, text, "#handovers")
        return Row(label, GAP, [bar], open=one.opened is None, more=first_up(one.agency.value))

    def homes(self, homes: Sequence[Home]) -> Lane:
        """Where the child lived, a row for each authority."""
        by_name = sorted(homes, key=lambda home: home.authority.name)
        rows = [
            Row(
                name,
                HOME,
                levelled(
                    [self.bar(h.period, f"{name}: {spanned(h.period)}", "#homes") for h in of]
                ),
                any(h.period.open for h in of),
            )
            for name, of in ((n, list(g)) for n, g in groupby(by_name, lambda h: h.authority.name))
        ]
        return Lane("Where the child lived", sorted(rows, key=lambda row: row.bars[0].left))

    def bar(self, period: Period, text: str, href: str, known: date | None = None) -> Bar:
        """A period; known: until when a source said so."""
        today = self.map.today
        # What began before the picture does, or at a time that is not known, comes from its edge.
        start = period.from_ or date.min
        left = self.scale.at(start) if start >= self.scale.first else 0.0
        right = self.scale.at(period.to or today)
        fades = None
        if period.open:
            fades = max(left, min(self.scale.at(known or today), right - _FADING))
        return Bar(
            left=left,
            width=_wide(left, right),
            level=0,
            text=text,
            href=href,
            fades=fades,
            ragged_start=period.from_ is None,
            ragged_end=not period.open and not period.to_exact,
        )


def chart_of(shown: ServiceMap, numbered: Numbered, homes: Sequence[Home]) -> Chart | None:
    """The picture of a map; None where there is nothing to draw.

    numbered: its involvements by authority, with the number by which the table names each; homes: where
    the child lived, each period once.
    """
    if not shown.involvements:
        return None
    scale = Scale.over(_days(shown, homes), shown.today)
    many = sum(len(by_service(group)) for _, group in numbered)
    drawing = _Drawing(shown, scale, many > UNFOLDED)
    there = {authority.number for authority, _ in numbered}
    alone = {one.to_authority.number: one.to_authority for one in shown.handovers if one.gap_days}
    left = [(authority, ()) for number, authority in alone.items() if number not in there]
    lanes = [drawing.lane(authority, group) for authority, group in (*numbered, *left)]
    services = [one.service for one in shown.involvements]
    here = {service.agency for service in services if service}
    return Chart(
        marks=scale.marks(shown.today),
        today=scale.at(shown.today),
        lanes=[drawing.homes(homes), *lanes] if homes else lanes,
        on=scale.at(shown.on) if shown.on and shown.on != shown.today else None,
        moves=_moves(scale, homes),
        agencies=[agency for agency in Agency if agency in here],
        withheld=None in services,
    )


def levelled(bars: Iterable[Bar]) -> list[Bar]:
    """The same bars, each under those that it would cover."""
    ends: list[float] = []
    found: list[Bar] = []
    for bar in sorted(bars, key=lambda one: one.left):
        free = [level for level, end in enumerate(ends) if end <= bar.left]
        level = free[0] if free else len(ends)
        ends[level : level + 1] = [bar.right]
        found.append(replace(bar, level=level))
    return found


def by_service(
    numbered: Sequence[tuple[int, Involvement]],
) -> list[list[tuple[int, Involvement]]]:
    """Service by service; what is withheld stands alone, so that nothing joins it."""
    groups: dict[str, list[tuple[int, Involvement]]] = {}
    for n, one in numbered:
        groups.setdefault(one.service.id if one.service else f"{n}", []).append((n, one))
    return list(groups.values())


def _lies_in(one: Handover, authority: Authority) -> bool:
    return one.to_authority.number == authority.number and one.gap_days > 0


def _days(shown: ServiceMap, homes: Sequence[Home]) -> Iterator[date | None]:
    """What the picture must hold: involvements and moves; the first home may go on to its left."""
    periods = [one.period for one in shown.involvements]
    yield from (day for period in periods for day in (period.from_, period.to))
    yield from sorted(home.period.from_ for home in homes if home.period.from_)[1:]
    yield from (one.closed for one in shown.handovers)
    yield shown.on


def _moves(scale: Scale, homes: Sequence[Home]) -> list[Mark]:
    """Days on which the child came to another authority than before."""
    known = sorted((home.period.from_, home.authority.name) for home in homes if home.period.from_)
    return [
        Mark(scale.at(since), f"{day(since)}: to {name}")
        for n, (since, name) in enumerate(known)
        if (n or len(known) < len(homes)) and (not n or known[n - 1][1] != name)
        if since >= scale.first
    ]


def _wide(left: float, right: float) -> float:
    return round(max(right - left, _THIN), 2)
