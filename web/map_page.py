"""What the page of a child's service map gets, and the page again where a form sent from it has faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from graph import (
    AskBroker,
    AskCorrection,
    CallOutcome,
    Home,
    Mistake,
    ServiceMap,
    ShieldChild,
    ShieldReason,
)
from web import session
from web.as_of import AsOf, AsOfForm
from web.asked import Asked
from web.desk import desk
from web.draw import Chart, Numbered, chart_of, network_of
from web.summary import summary


@dataclass(frozen=True)
class MapPage:
    """A service map, and the dates asked for; shield, broker, correction: a form sent from it with faults.

    called: what was just noted of a call; export_fault: why nothing was taken away.
    """

    map: ServiceMap
    as_of: AsOf
    form: AsOfForm
    shield: Asked[ShieldChild] | None = None
    broker: Asked[AskBroker] | None = None
    correction: Asked[AskCorrection] | None = None
    called: str = ""
    export_fault: str = ""
    shield_reasons: Sequence[ShieldReason] = tuple(ShieldReason)
    outcomes: Sequence[CallOutcome] = tuple(CallOutcome)
    mistakes: Sequence[Mistake] = tuple(Mistake)

    @property
    def faults(self) -> Mapping[str, str]:
        """What is wrong with the form that was sent, by the id of its field."""
        for of, form in (("broker", self.broker), ("correction", self.correction)):
            if form:
                return {f"{of}-{name}": said for name, said in form.faults.items()}
        return self.shield.faults if self.shield else {}

    @property
    def clear(self) -> Mapping[str, str]:
        """The services that it shows in clear: id to name."""
        shown = [one.service for one in self.map.involvements if one.service]
        return {service.id: service.name for service in shown}

    @property
    def withheld(self) -> bool:
        """True where a sensitive service is withheld that the broker can connect with."""
        return any(one.service is None for one in self.map.involvements)

    @property
    def homes(self) -> Sequence[Home]:
        """Where the child lived, once for each authority and period, whoever says so."""
        once = {(h.authority.number, h.period.from_, h.period.to): h for h in self.map.homes}
        return list(once.values())

    @property
    def areas(self) -> Numbered:
        """The involvements by authority, each with a number by which picture and table name it."""
        groups, n = [], 0
        for authority, involvements in self.map.by_authority():
            groups.append((authority, list(enumerate(involvements, n + 1))))
            n += len(involvements)
        return groups

    @property
    def first_day(self) -> date | None:
        """The first day that is known, from which a slider goes; None where there is none before today."""
        spans = [one.period for one in (*self.map.involvements, *self.map.homes)]
        known = [day for span in spans if (day := span.from_ or span.to)]
        first = min((*known, self.map.on or self.map.today))
        return first if first < self.map.today else None

    @property
    def chart(self) -> Chart | None:
        """The involvements over time; None where there is none."""
        return chart_of(self.map, self.areas, self.homes)

    @property
    def network(self) -> Mapping[str, Any] | None:
        """The same as nodes and edges; None where there is none."""
        return network_of(self.map, self.areas)

    @property
    def summary(self) -> str:
        """The map in one or two sentences."""
        return summary(self.map)


def map_again(
    handle: str,
    shield: Asked[ShieldChild] | None = None,
    broker: Asked[AskBroker] | None = None,
    correction: Asked[AskCorrection] | None = None,
) -> ResponseReturnValue:
    """The map of today, with what is wrong with a form that was sent from it.

    handle: the child's; shield, broker, correction: that form. Raises NotVisible.
    """
    form, as_of = AsOfForm.read({})
    shown = desk().graph.ask(session.known(), as_of.question(handle))
    page = MapPage(shown, as_of, form, shield, broker, correction)
    return render_template("service_map.html", page=page), 422
