"""The page of boundaries: both sides of each, whom to ring there, and where in England they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from graph import Boundaries, BoundariesOf, CallOutcome, Permission, ServiceMap
from web import session
from web.as_of import AsOfForm
from web.desk import desk
from web.draw import HexMap, hexes_of
from web.permission import needs

boundaries = Blueprint("boundaries", __name__, template_folder="templates")


@dataclass(frozen=True)
class BoundariesPage:
    """The boundaries on a map, and the dates asked for."""

    found: Boundaries
    form: AsOfForm
    outcomes: Sequence[CallOutcome] = tuple(CallOutcome)

    @property
    def map(self) -> ServiceMap:
        """The map on which they are."""
        return self.found.map

    @property
    def hexes(self) -> HexMap | None:
        """England, with the authorities that concern the child; None where there is none."""
        return hexes_of(self.map)


@boundaries.get("/children/<handle>/boundaries")
@needs(Permission.SEE_SERVICE_MAP)
def shown(handle: str) -> ResponseReturnValue:
    """Both sides of each boundary that this child's services cross."""
    form, as_of = AsOfForm.read(request.args)
    question = BoundariesOf(of=as_of.question(handle))
    page = BoundariesPage(desk().graph.ask(session.known(), question), form)
    return render_template("boundaries.html", page=page), 422 if form.faults else 200
