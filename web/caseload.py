"""The page of the children with whom one's service works, and what changed since one last looked."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template

from graph import Caseload, CaseloadList, Change, ChangeKind, Permission
from web import session
from web.desk import desk
from web.permission import needs
from web.words import count, day, spanned, until

caseload = Blueprint("caseload", __name__, template_folder="templates")


@dataclass(frozen=True)
class CaseloadPage:
    """The children; works: whether the viewer works for a service at all."""

    list: CaseloadList
    works: bool

    @property
    def heading(self) -> str:
        """With whom they work; the name of the service is no child's."""
        return f"Children with whom {self.list.service or 'your service'} works"

    @property
    def more(self) -> str:
        """How many are not listed; empty where all are."""
        more, changed = self.list.more, self.list.more_changed
        if not more:
            return ""
        said = f"{count(more, 'more is', 'more are')} not listed: find them by name."
        also = f" With {changed:,} of them something changed, too." if changed else ""
        return said + also

    def words(self, change: Change) -> str:
        """One change, in words."""
        return changed(change, self.list.today)


@caseload.get("/children")
@needs(Permission.SEE_CASELOAD)
def listed() -> str:
    """The children with whom one's service works now."""
    viewer = session.known()
    found = desk().graph.ask(viewer, Caseload())
    return render_template("caseload.html", page=CaseloadPage(found, viewer.service is not None))


def changed(change: Change, today: date) -> str:
    """What changed with a child, in a sentence without a stop."""
    if change.kind is ChangeKind.NEW:
        return "New in this list"
    if change.kind is ChangeKind.INVOLVED:
        return _involved(change, today)
    if change.kind is ChangeKind.MOVED:
        if change.period.to:
            return f"Lived in {change.authority}, {spanned(change.period)}"
        return f"Moved to {change.authority}" + (f" on {day(change.day)}" if change.day else "")
    last = f"last day {until(change.period)}"
    if change.kind is ChangeKind.LEFT:
        return f"{change.worker} has left {change.service} ({last})"
    return f"{change.worker} of {change.service} is named for the child no more ({last})"


def _involved(change: Change, today: date) -> str:
    who = f"{change.service} ({change.authority})" if change.authority else f"{change.service}"
    if change.period.to and change.period.to < today:
        return f"{who} worked with the child, {spanned(change.period)}"
    if change.day and change.day > today:
        return f"{who} will work with the child, from {day(change.day)}"
    return f"{who} works with the child" + (f", since {day(change.day)}" if change.day else "")
