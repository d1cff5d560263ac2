"""A service whose code is sensitive at another source is as a sensitive one, whoever asks what."""

import pytest

from graph import (
    BadQuestion,
    Confirmation,
    EpisodesOf,
    ServiceDirectory,
    StaleContacts,
    SuccessorRow,
)
from tests.world import (
    BRADFORD,
    IDLE,
    LEAD,
    LEEDS,
    STEWARD,
    World,
    allocation,
    at,
    bradford,
    involvement,
    leeds,
    service,
    span,
    worker,
)

QUIET, CODE = "Quiet Door", "ods:RR8"


@pytest.fixture
def twin(world: World) -> World:
    """Quiet Door of Leeds took over from the front door; its code is not known as sensitive yet."""
    usual = leeds()
    took = SuccessorRow(record="T", service="T1", successor="T7", period=span(), **at(2, "x"))
    rows = {
        "services": [
            *usual.services,
            service("T7", QUIET, LEEDS, code=CODE, duty_line="01632 960301"),
        ],
        "practitioners": [*usual.practitioners, worker("P7", "Ada Quill", "T7")],
        "involvements": [*usual.involvements, involvement("I7", "C1", "T7", span("2026-01-01"))],
        "allocations": [*usual.allocations, allocation("A7", "C1", "P7", "T7", span("2026-01-01"))],
        "successors": [took],
    }
    world.graph.load(STEWARD, leeds(**rows))
    return world


def shown(world: World) -> dict[str, bool]:
    """Where Quiet Door, or who works there, is told to somebody for whom it would be withheld."""
    asks = {
        "directory": (IDLE, ServiceDirectory(authority=LEEDS)),
        "stale": (LEAD, StaleContacts()),
        "export": (STEWARD, EpisodesOf(source="leeds-social-care")),
    }
    texts = {what: world.graph.ask(*asked).model_dump_json() for what, asked in asks.items()}
    texts["map"] = world.map().model_dump_json()
    [front] = [
        one for one in world.map().involvements if one.service and one.service.id.endswith(":T1")
    ]
    texts["successors"] = str(front.successors)
    return {what: QUIET in text or "Ada Quill" in text for what, text in texts.items()}


def test_a_twin_by_code_is_withheld_everywhere_and_by_nobody_confirmed_but_a_steward(
    twin: World,
) -> None:
    word = Confirmation(service="leeds-social-care:T7")
    assert all(shown(twin).values()), shown(twin)
    assert twin.graph.confirm(LEAD, word).name == QUIET
    hidden = service("Q", "Another Name", BRADFORD, agency="health", sensitive=True, code=CODE)
    twin.graph.load(STEWARD, bradford(services=[*bradford().services, hidden]))
    assert not any(shown(twin).values()), shown(twin)
    with pytest.raises(BadQuestion, match="There is no service of that id"):
        twin.graph.confirm(LEAD, word)
    assert twin.graph.confirm(STEWARD, word).name == QUIET
