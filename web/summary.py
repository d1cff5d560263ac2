"""A service map in one or two sentences, for who has ten seconds."""

from graph import Involvement, ServiceMap
from web.words import count, day, listed


def summary(shown: ServiceMap) -> str:
    """Who is involved, where, and where the child lives; in the past tense for an earlier day."""
    on = shown.on or shown.today
    holding = [i for i in shown.involvements if i.period.holds(on)]
    ended = len(shown.involvements) - len(holding)
    parts = (_involved(holding, ended, on < shown.today), _lives(shown))
    return " ".join(part for part in parts if part)


def _involved(holding: list[Involvement], ended: int, past: bool) -> str:
    over = f"{count(ended, 'involvement has', 'involvements have')} ended" if ended else ""
    if not holding:
        return f"Nobody is involved now; {over}." if over else ""
    places = sorted({i.authority.name for i in holding})
    services = len({i.service.id if i.service else id(i) for i in holding})
    many = count(services, "service was", "services were") if past else ""
    many = many or count(services, "service is", "services are")
    crossing = ", across authority boundaries" if len(places) > 1 else ""
    ending = f"; {over}." if over else "."
    return f"{many} involved in {listed(places)}{crossing}{ending}"


def _lives(shown: ServiceMap) -> str:
    on = shown.on or shown.today
    homes = [home for home in shown.homes if home.period.holds(on)]
    if not homes:
        return ""
    if on < shown.today:
        return f"Lived in {homes[-1].authority.name}."
    start = homes[-1].period.from_
    since = f" since {day(start)}" if start else ""
    return f"Lives in {homes[-1].authority.name}{since}."
