"""A service map taken away: its table as CSV, or the word that its picture may be saved."""

import csv
import io
from collections.abc import Iterator

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from graph import ExportMap, Involvement, Permission, ServiceMap
from web import session
from web.as_of import AsOfForm
from web.desk import desk
from web.map_page import MapPage
from web.permission import needs

FILE_NAME = "signpost-service-map.csv"
COLUMNS = (
    "service",
    "agency",
    "kind",
    "area",
    "practitioners",
    "from",
    "to",
    "to_exact",
    "crosses",
    "source",
    "as_of",
)
export = Blueprint("export", __name__, template_folder="templates")


@export.post("/children/<handle>/export")
@needs(Permission.EXPORT_MAP)
def taken(handle: str) -> ResponseReturnValue:
    """The table as a file; or nothing, where the browser draws the picture itself."""
    form, as_of = AsOfForm.read(request.form)
    viewer, asked = session.known(), as_of.question(handle)
    proved = session.prove(request.form.get("code", ""))
    if form.faults or not proved:
        fault = "" if proved else session.NEEDS_CODE
        page = MapPage(desk().graph.ask(viewer, asked), as_of, form, export_fault=fault)
        return render_template("service_map.html", page=page), 422
    shown = desk().graph.ask(viewer, ExportMap(**asked.model_dump()))
    if "picture" in request.form:
        return "", 204
    answer = make_response(table(shown))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f"attachment; filename={FILE_NAME}"
    return answer


def table(shown: ServiceMap) -> str:
    """The involvements as CSV, in the order of the page; with a byte order mark, for spreadsheets."""
    text = io.StringIO()
    write = csv.writer(text)
    write.writerow(COLUMNS)
    for _, involvements in shown.by_authority():
        for one in involvements:
            write.writerow([_plain(cell) for cell in _cells(one)])
    return "\ufeff" + text.getvalue()


def _cells(one: Involvement) -> Iterator[str]:
    service = one.service
    yield service.name if service else "A sensitive service"
    yield service.agency.value if service else ""
    yield one.kind.value if one.kind else ""
    yield one.authority.name
    yield "; ".join(f"{a.practitioner.name} ({a.part.value})" for a in one.allocations)
    yield str(one.period.from_ or "")
    yield str(one.period.to or "")
    yield "yes" if one.period.to_exact else "no"
    yield "; ".join(f"{crossing.kind.value}: {crossing.why}" for crossing in one.crossings)
    yield one.source or ""
    yield str(one.asserted_on)


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
