"""The network of a child: services, their practitioners and authorities, each at a place that never moves.

pyvis builds the graph's data; its page, its scripts and its links to other hosts are never used. It drops
parallel edges unless it is told that they are directed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyvis.network import Network

from graph import Agency, Allocation, Authority, Involvement, ServiceMap
from web.draw.chart import AGENCY_FILLS, WITHHELD, look_of
from web.draw.lanes import Numbered, by_service
from web.draw.places import Block, laid_out
from web.words import first_up, spanned

CHILD = "child"
# With more than this, what has ended is shown only where somebody asks for it.
SHOWN = 60
_LONGEST = 48  # of a label, in characters
_ENDED = "-ended"
_LIGHT = {Agency.HEALTH, Agency.EDUCATION, Agency.EARLY_HELP}
_PLAIN = {"color": {"background": "#fff", "border": "#12436d"}, "font": {"color": "#0b0c0c"}}
_OPTIONS: Mapping[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "keyboard": {"enabled": False}, "dragNodes": False},
    "nodes": {
        "shape": "box",
        "widthConstraint": {"maximum": 190},
        "font": {"size": 14},
        "margin": 6,
    },
    "edges": {"smooth": False, "color": "#505a5f", "arrows": {"to": {"scaleFactor": 0.5}}},
}


@dataclass(frozen=True)
class Drawn:
    """A node as the list beside the picture has it: what it says, and under which other one it stands.

    text: in a sentence; area: whose it is; agency: empty for what has none; first: shown at once.
    """

    id: str
    under: str
    kind: str
    label: str
    text: str
    area: str
    agency: str
    open: bool
    first: bool


@dataclass
class _Picture:
    """What pyvis has been told so far."""

    many: bool
    net: Network = field(default_factory=lambda: Network(directed=True, cdn_resources="local"))
    drawn: list[Drawn] = field(default_factory=list)

    def node(self, one: Drawn, place: tuple[int, int], group: str) -> None:
        self.drawn.append(one)
        x, y = place
        self.net.add_node(one.id, label=_short(one.label), group=group, x=x, y=y, shape=_shape(one))

    def edge(self, start: str, end: str, open_: bool, text: str) -> None:
        self.net.add_edge(start, end, dashes=not open_, width=2 if open_ else 1, title=text)

    def inside(self, service: str, area: str) -> None:
        self.net.add_edge(service, area, color="#cecece", arrows="", title="in this area")


def network_of(shown: ServiceMap, numbered: Numbered) -> dict[str, Any] | None:
    """Nodes, edges and options for vis-network, and the list of the same nodes; None where there is none."""
    if not shown.involvements:
        return None
    areas = [(authority, by_service(group)) for authority, group in numbered]
    blocks = laid_out([[1 + len(_workers(group)) for group in groups] for _, groups in areas])
    picture = _Picture(sum(len(groups) for _, groups in areas) > SHOWN)
    child = Drawn(CHILD, "", "child", "The child", "The child", "", "", open=True, first=True)
    picture.node(child, (0, 0), CHILD)
    for n, ((authority, groups), block) in enumerate(zip(areas, blocks, strict=True)):
        _authority(picture, f"area-{n}", authority, groups, block)
    nodes, edges, *_ = picture.net.get_network_data()
    options = {**_OPTIONS, "groups": _groups()}
    return {
        "nodes": nodes,
        "edges": edges,
        "options": options,
        "list": [vars(one) for one in picture.drawn],
    }


Group = Sequence[tuple[int, Involvement]]


def _authority(
    picture: _Picture, id_: str, authority: Authority, groups: Sequence[Group], block: Block
) -> None:
    open_ = any(_open(group) for group in groups)
    name = authority.name
    node = Drawn(id_, CHILD, "authority", name, name, id_, "", open=open_, first=True)
    picture.node(node, block.head, "authority")
    for group, places in zip(groups, block.places, strict=True):
        _service(picture, id_, group, places)


def _service(picture: _Picture, area: str, group: Group, places: Sequence[tuple[int, int]]) -> None:
    n, one = group[0]
    id_, open_ = f"service-{n}", _open(group)
    label = one.service.name if one.service else "A sensitive service"
    agency = look_of(one.service.agency) if one.service else WITHHELD
    first = open_ or not picture.many
    more = first_up(agency.replace("-", " ")) if one.service else "reached through the broker line"
    text = f"{label}, {more}"
    node = Drawn(id_, area, "service", label, text, area, agency, open_, first)
    picture.node(node, places[0], agency if open_ else agency + _ENDED)
    picture.inside(id_, area)
    for _, involvement in group:
        period = involvement.period
        picture.edge(id_, CHILD, period.open, f"{label}: {spanned(period)}")
    for m, (worker, place) in enumerate(zip(_workers(group), places[1:], strict=True)):
        person = worker.practitioner
        said = f"{person.name}, {worker.part.value}, {spanned(worker.period)}"
        now = worker.period.open and worker.left_on is None
        works = Drawn(
            f"{id_}-{m}", id_, "practitioner", person.name, said, area, agency, now, first
        )
        picture.node(works, place, "practitioner" if now else "practitioner" + _ENDED)
        picture.edge(works.id, id_, now, said)


def _workers(group: Group) -> list[Allocation]:
    return [allocation for _, one in group for allocation in one.allocations]


def _open(group: Group) -> bool:
    return any(one.period.open for _, one in group)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip() + "…"


def _shape(one: Drawn) -> str:
    return {"child": "circle", "practitioner": "ellipse"}.get(one.kind, "box")


def _groups() -> dict[str, Any]:
    """How each sort of node looks: filled while open, only outlined once it has ended."""
    found: dict[str, Any] = {
        CHILD: {"color": {"background": "#0b0c0c", "border": "#0b0c0c"}, "font": {"color": "#fff"}},
        "authority": {**_PLAIN, "borderWidth": 3, "font": {"size": 18}},
        "practitioner": _PLAIN,
        "practitioner" + _ENDED: {**_PLAIN, "shapeProperties": {"borderDashes": [4, 3]}},
    }
    for agency, fill in AGENCY_FILLS.items():
        font = "#0b0c0c" if agency in _LIGHT else "#fff"
        filled = {"color": {"background": fill, "border": "#0b0c0c"}, "font": {"color": font}}
        found[look_of(agency)] = filled
        found[look_of(agency) + _ENDED] = _outlined(fill)
    found[WITHHELD] = {**_outlined("#505a5f"), "borderWidth": 2}
    found[WITHHELD + _ENDED] = _outlined("#505a5f")
    return found


def _outlined(colour: str) -> dict[str, Any]:
    return {
        "color": {"background": "#fff", "border": colour},
        "font": {"color": "#0b0c0c"},
        "shapeProperties": {"borderDashes": [4, 3]},
    }
