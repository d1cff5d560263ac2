"""The page of one's own look-ups of today: to find a child again whose map was closed."""

from flask import Blueprint, render_template

from graph import OwnLooks, Permission
from web import session
from web.desk import desk
from web.permission import needs

own_looks = Blueprint("own_looks", __name__, template_folder="templates")


@own_looks.get("/looks/mine")
@needs(Permission.SEE_OWN_LOOKS)
def mine() -> str:
    """The children whose maps one opened today, the latest first."""
    found = desk().graph.ask(session.known(), OwnLooks())
    return render_template("own_looks.html", page=found)
